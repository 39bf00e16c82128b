"""The model that journeys use."""

from tests.journeys.conftest import rasa_model

__all__ = ["rasa_model"]
