"""The dialogue: Rasa's understanding and actions, the client that talks to Rasa, and what is done without it."""
