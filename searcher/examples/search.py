#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Search an index from Python, through ctypes: nothing to build.

    python3 search.py minutes.index 'safe ports'

The answer is asked for as JSON, so that no struct but the failure has to be told to ctypes.
"""
import ctypes
import json
import sys

library = ctypes.CDLL("libplenary.so.1")
ALL = ctypes.c_size_t(-1)
JSON = 0


class Failure(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("message", ctypes.c_char * 480)]


class PlenaryError(Exception):
    pass


def call(function, *arguments):
    failure = Failure()
    status = function(*arguments, ctypes.byref(failure))
    if status < 0:
        raise PlenaryError(failure.message.decode())
    return status


class Index:
    def __init__(self, folder):
        self.handle = ctypes.c_void_p()
        call(library.plenary_open, ctypes.byref(self.handle), folder.encode())

    def search(self, query):
        result, text, size = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
        call(library.plenary_search, ctypes.byref(result), self.handle, query.encode(), ALL, None)
        try:
            call(library.plenary_result_write, ctypes.byref(text), ctypes.byref(size), result, JSON)
            return json.loads(ctypes.string_at(text, size.value))
        finally:
            library.plenary_free(text)
            library.plenary_result_free(result)

    def close(self):
        library.plenary_close(self.handle)


def main(folder, query):
    index = Index(folder)
    try:
        answer = index.search(query)
    finally:
        index.close()
    print(f"{answer['total']['value']} passages")
    for hit in answer["results"][:3]:
        print(f"{hit['document']['title']} · ¶ {hit['passage']['number']}")
        print(f"    {hit['snippet']}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except PlenaryError as error:
        sys.exit(f"search.py: {error}")
