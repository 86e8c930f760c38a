"""Where studies and answers are kept: one interface, three stores."""

from questionnaire.storage.connect import connect
from questionnaire.storage.interface import (
    Ack,
    KnownRespondentError,
    StaleVersionError,
    Storage,
    StorageUnavailableError,
    Stored,
    StoredStudy,
    Submission,
    UnknownStoreError,
    UnknownStudyError,
    UnknownTokenError,
)

__all__ = [
    "Ack",
    "KnownRespondentError",
    "StaleVersionError",
    "Storage",
    "StorageUnavailableError",
    "Stored",
    "StoredStudy",
    "Submission",
    "UnknownStoreError",
    "UnknownStudyError",
    "UnknownTokenError",
    "connect",
]
