# SPDX-License-Identifier: GPL-2.0-or-later
# Small PDFs for the stories.

# A line of text on a page: pdf_text X Y SIZE TEXT
pdf_text() { printf 'BT /F1 %s Tf %s %s Td (%s) Tj ET\n' "$3" "$1" "$2" "$4"; }

# pdf_make FILE PAGE...: a PDF with these pages (files of page content). Viewers mend the missing
# table of objects, and so do readers.
pdf_make() {
    local file=$1 page number=3 kids=""
    shift
    {
        printf '%%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n'
        for page; do
            kids="$kids $number 0 R"
            printf '%d 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R' \
                "$number" $((number + 1))
            printf ' /Resources << /Font << /F1 %d 0 R >> >> >>\nendobj\n' $(($# * 2 + 3))
            printf '%d 0 obj\n<< /Length %d %s >>\nstream\n' $((number + 1)) "$(stat -c %s "$page")" \
                "${PDF_FILTER:-}"
            cat "$page"
            printf '\nendstream\nendobj\n'
            number=$((number + 2))
        done
        printf '%d 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n' "$number"
        printf '2 0 obj\n<< /Type /Pages /Kids [%s ] /Count %d >>\nendobj\n' "$kids" $#
        printf 'trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n0\n%%%%EOF\n' $((number + 1))
    } >"$file"
}

# A small file of one page of ten gigabytes: deflated twice, the inner time in equal pieces.
pdf_bomb() {
    python3 - >bomb-page <<'PYTHON'
import sys, zlib
line = b"BT /F1 12 Tf 72 700 Td (A page of plain words that go on without any end.) Tj ET\n"
piece = line * (1000000 // len(line))
inner = zlib.compressobj(9)
first = inner.compress(piece) + inner.flush(zlib.Z_FULL_FLUSH)
again = inner.compress(piece) + inner.flush(zlib.Z_FULL_FLUSH)
sys.stdout.buffer.write(zlib.compress(first + again * 10000, 9))
PYTHON
    PDF_FILTER='/Filter [/FlateDecode /FlateDecode]' pdf_make "$1" bomb-page
}

# Words, one a line, in lower case, without what divides or joins them at ends of lines.
words() { tr -cs '[:alnum:]' '\n' | tr '[:upper:]' '[:lower:]' | { grep -E '.{3,}' || true; }; }
