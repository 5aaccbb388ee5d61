/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary-read: the program in which plenary-index reads what may be hostile. Nobody starts it by
 * hand.
 */
#include "corpus/read_worker.h"

#include <stdio.h>

int main(int argc, char **argv) {
    if (read_worker_wanted(argc, argv))
        return read_worker_main(argv, reader_find);
    fputs("plenary-read " PLENARY_VERSION
          ": plenary-index of the same version starts this program\n"
          "to read PDF, office, mail, XML and archive files without the rights it has itself\n",
          stderr);
    return 2;
}
