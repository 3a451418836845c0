"""From files of devices and of management to cases: facts with where each is from.

In go the files of ideviceinfo, pymobiledevice3, an MDM or one of its products, and Apple's feeds;
out come the facts of each iPhone. What names a device or a person never leaves this package.
"""

from diagnoser.importing.formats import FORMATS
from diagnoser.importing.model import FileRead, FileRefused, Imported, ImportedCase, SetAside
from diagnoser.importing.reader import File, read

__all__ = [
    "FORMATS",
    "File",
    "FileRead",
    "FileRefused",
    "Imported",
    "ImportedCase",
    "SetAside",
    "read",
]
