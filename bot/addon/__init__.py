"""What Rasa's environment gets on top of Rasa: less work a turn, logs without texts. No code of the service."""
