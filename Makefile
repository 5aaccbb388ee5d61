# SPDX-License-Identifier: GPL-2.0-or-later
# plenary's build. `make help` lists the targets.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build

CC ?= gcc
CXX ?= g++
CFLAGS ?= -O2 -g
CXXFLAGS ?= $(CFLAGS)
LDFLAGS ?=
LD ?= ld
OBJCOPY ?= objcopy
PKG_CONFIG ?= pkg-config
# Warnings are errors where CI (or a developer) asks for it.
WERROR ?= $(if $(CI),1,)
SANITIZE ?=
# make V=1 shows whole commands.
V ?=
Q := $(if $(V),,@)
# What people start with one word builds on every processor.
JOBS := $(if $(findstring j,$(firstword -$(MAKEFLAGS))),,-j$(shell nproc))
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2))

LIBS := xapian-core icu-uc icu-i18n libexttextcat md4c libxml-2.0 jansson libxxhash zlib libdeflate
# Readers of these libraries, and confinement, are left out where they are missing; such files are then
# named and skipped.
OPTIONAL := libarchive gmime-3.0 poppler-glib libseccomp
comma := ,
# Asked once, when something is compiled: what installs pkg-config must work without it.
once = $(eval $(1) := $(2))$($(1))
HAVE = $(call once,HAVE,$(shell for library in $(OPTIONAL); do \
	$(PKG_CONFIG) --exists $$library && echo $$library; done))
DEFINES = $(if $(filter libarchive,$(HAVE)),-DHAVE_LIBARCHIVE) \
	$(if $(filter gmime-3.0,$(HAVE)),-DHAVE_GMIME) \
	$(if $(filter poppler-glib,$(HAVE)),-DHAVE_POPPLER) \
	$(if $(filter libseccomp,$(HAVE)),-DHAVE_SECCOMP)
WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wundef -Wwrite-strings \
	-Wformat=2 -Wvla $(if $(WERROR),-Werror)
C_WARNINGS := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes
LIB_CFLAGS = $(call once,LIB_CFLAGS,$(shell $(PKG_CONFIG) --cflags $(LIBS) $(HAVE) | sed 's/-I/-isystem /g'))
# As needed: plenary-search does not load what only reads documents.
LIB_LIBS = $(call once,LIB_LIBS,-Wl$(comma)--as-needed $(shell $(PKG_CONFIG) --libs $(LIBS) $(HAVE)) \
	-lstemmer -lroaring -lpthread -lm)
SAN_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
ALL_CFLAGS = -std=gnu11 -fPIC -I. $(CFLAGS) $(C_WARNINGS) $(SAN_FLAGS) -DPLENARY_VERSION='"$(VERSION)"' \
	-D_GNU_SOURCE $(DEFINES) $(LIB_CFLAGS) -MMD -MP
ALL_CXXFLAGS = -std=c++17 -fPIC -I. $(CXXFLAGS) $(WARNINGS) $(SAN_FLAGS) $(LIB_CFLAGS) -MMD -MP
ALL_LDFLAGS = $(LDFLAGS) $(SAN_FLAGS)

# Folders in the order documents pass through them; each may use those before it.
PROGRAMS := plenary-index plenary-search plenary-report plenary-serve
READ := $(BUILD)/plenary-read
MAINS := $(wildcard corpus/plenary-*.c indexer/plenary-*.c searcher/plenary-*.c)
FOLDERS := corpus shim indexer searcher serve
SOURCES_corpus := $(filter-out $(MAINS),$(wildcard corpus/*.c))
SOURCES_shim := $(wildcard shim/*.cc)
SOURCES_indexer := $(filter-out $(MAINS),$(wildcard indexer/*.c indexer/*/*.c))
SOURCES_searcher := $(filter-out $(MAINS),$(wildcard searcher/*.c searcher/library/*.c))
SOURCES_serve := $(wildcard searcher/serve/*.c)
objects = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
archive = $(BUILD)/lib$(1).a

ARCHIVES_corpus := $(call archive,corpus)
ARCHIVES_shim := $(call archive,shim)
ARCHIVES_indexer := $(call archive,indexer) $(ARCHIVES_shim) $(ARCHIVES_corpus)
ARCHIVES_searcher := $(call archive,searcher) $(ARCHIVES_indexer)
ARCHIVES_serve := $(call archive,serve) $(ARCHIVES_searcher)
LIBS_serve := -lmicrohttpd

.PHONY: all
all: $(PROGRAMS:%=$(BUILD)/%) $(READ) $(BUILD)/libplenary.so $(BUILD)/libplenary.a

define FOLDER_RULES
$(call archive,$(1)): $(call objects,$(SOURCES_$(1)))
	$$(call say,AR,$$@)
	@rm -f $$@
	$(Q)ar rcs $$@ $$^
UNIT_TESTS_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/unit/$(1)/test_*.c))
$$(UNIT_TESTS_$(1)): $(BUILD)/%: $(BUILD)/%.o $(ARCHIVES_$(1))
	$$(call say,LD,$$@)
	$(Q)$(CXX) $$(ALL_LDFLAGS) -o $$@ $$< $(ARCHIVES_$(1)) -lcmocka $(LIBS_$(1)) $$(LIB_LIBS)
UNIT_TESTS += $$(UNIT_TESTS_$(1))
.PHONY: unit-$(1)
unit-$(1): $$(UNIT_TESTS_$(1))
	@set -e; for t in $$^; do $$$$t; done
endef
$(foreach folder,$(FOLDERS),$(eval $(call FOLDER_RULES,$(folder))))

# Survival tests that are programs, and the library that makes calls of others fail.
FAULT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fault/test_*.c))
FAULT_TOOLS := $(BUILD)/tests/fault/gather
FAILING := $(BUILD)/tests/fault/failing.so
$(FAULT_TESTS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fault/answers.o $(ARCHIVES_searcher)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)
$(FAULT_TOOLS): $(BUILD)/%: $(BUILD)/%.o $(ARCHIVES_indexer)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

# Without sanitizers: it is loaded into programs before anything else.
$(FAILING): tests/fault/failing.c
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(CFLAGS) $(C_WARNINGS) -fPIC -shared -o $@ $< -ldl

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.cc
	$(call say,CXX,$<)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(ALL_CXXFLAGS) -c -o $@ $<

# With all that parses hostile files; plenary-index is linked with none of it.
$(READ): $(BUILD)/corpus/plenary-read.o $(ARCHIVES_corpus)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/plenary-index: $(BUILD)/indexer/plenary-index.o $(ARCHIVES_indexer)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/plenary-search: $(BUILD)/searcher/plenary-search.o $(ARCHIVES_searcher)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/plenary-report: $(BUILD)/searcher/plenary-report.o $(ARCHIVES_searcher)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

# ---- The library, and the server on top of it ---------------------------------------------------

SONAME := libplenary.so.1
LIBRARY_OBJECTS = $(call objects,$(wildcard searcher/library/*.c))

# Of the archives only what the public calls need: no readers, no writer.
$(BUILD)/$(SONAME): searcher/library/plenary.map $(LIBRARY_OBJECTS) $(ARCHIVES_searcher)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,-z,defs -Wl,--as-needed \
		-Wl,--version-script=$< -o $@ $(LIBRARY_OBJECTS) $(ARCHIVES_searcher) $(LIB_LIBS)

$(BUILD)/libplenary.so: $(BUILD)/$(SONAME)
	$(Q)ln -sf $(<F) $@

# One object in which only the public names can be seen, so that it meddles with no other library.
$(BUILD)/libplenary.a: searcher/library/plenary.map $(LIBRARY_OBJECTS) $(ARCHIVES_searcher)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)sed -n 's/^ *\(plenary_[a-z_]*\);$$/\1/p' $< >$(BUILD)/plenary.names
	$(Q)$(LD) -r --force-group-allocation -o $(BUILD)/plenary.o $(LIBRARY_OBJECTS) $(ARCHIVES_searcher)
	$(Q)$(OBJCOPY) --keep-global-symbols=$(BUILD)/plenary.names $(BUILD)/plenary.o
	$(Q)ar rcs $@ $(BUILD)/plenary.o

# The page's files, into the program as they are.
WEB_FILES := $(wildcard searcher/web/*.css searcher/web/*.js searcher/web/*.svg searcher/web/*.json)
$(BUILD)/searcher/serve/assets.o: $(WEB_FILES)
# The style is part of every page; their policy allows it by its hash.
$(BUILD)/searcher/serve/assets.o: ALL_CFLAGS += -DSTYLE_HASH='"$(shell sha256sum <searcher/web/style.css | \
	cut -c 1-64 | tr a-f A-F | basenc -d --base16 | base64)"'

$(BUILD)/plenary-serve: $(BUILD)/searcher/plenary-serve.o $(ARCHIVES_serve)
	$(call say,LD,$@)
	$(Q)$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIBS_serve) $(LIB_LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.SECONDARY:

# ---- What people type -------------------------------------------------------------------------

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## install the Debian packages that building needs (says what and why)
	@.ci/install .ci/packages

.PHONY: deps-test
deps-test: ## install also what the tests and checks need
	@.ci/install .ci/packages .ci/packages-test
	@command -v npm >/dev/null || .ci/install .ci/packages-npm

.PHONY: demo
demo: deps ## install what is missing, build, index the sample records, run two searches
	@$(MAKE) --no-print-directory $(JOBS) all
	@tests/demo $(BUILD)

.PHONY: test
test: deps-test ## install what is missing, build, run every test
	@$(MAKE) --no-print-directory $(JOBS) all tests-built
	@$(MAKE) --no-print-directory check

.PHONY: check
check: all tests-built ## run every test with what is installed
	@tests/run $(BUILD)

.PHONY: tests-built
tests-built: $(UNIT_TESTS) $(FAULT_TESTS) $(FAULT_TOOLS) $(FAILING)

.PHONY: asan
asan: ## run every test under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-asan SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fno-sanitize-recover=all' check

.PHONY: tsan
tsan: ## load the server from many clients while a writer publishes, under ThreadSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-tsan SANITIZE=thread CFLAGS='-O1 -g' \
		$(BUILD)-tsan/plenary-serve $(BUILD)-tsan/plenary-index
	@tests/serve/load $(BUILD)-tsan

.PHONY: valgrind
valgrind: all tests-built ## run every test under valgrind (slow)
	@PLENARY_WRAP='valgrind -q --log-file=%q{PLENARY_FINDINGS}/%p --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite' \
		tests/run $(BUILD)

.PHONY: fault
fault: all $(FAULT_TESTS) $(FAULT_TOOLS) $(FAILING) ## survival tests in their long form: kills, failing calls, damage (a quarter of an hour)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-asan SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fno-sanitize-recover=all' $(BUILD)-asan/tests/fault/test_damage
	@tests/fault/run-long $(BUILD)

# What `make bench` runs besides the programs themselves.
BENCH_TOOLS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
$(BENCH_TOOLS): $(BUILD)/%: $(BUILD)/%.o $(ARCHIVES_searcher)
	$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

.PHONY: bench-built
bench-built: $(BENCH_TOOLS)

.PHONY: bench
bench: all bench-built ## time indexing and searching beside other engines, if the corpus is there
	@tests/bench/run $(BUILD)

$(BUILD)/tests/serve/loop: $(BUILD)/tests/serve/loop.o $(BUILD)/libplenary.a
	$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

# INDEX=folder QUERIES=file
.PHONY: bench-serve
bench-serve: all $(BUILD)/tests/serve/loop ## measure the server on INDEX with QUERIES (an hour and more)
	@tests/serve/perform $(BUILD) $(INDEX) $(QUERIES) $(REQUESTS)

# Fuzzing: every part of corpus/, and what reads queries and requests, with clang's coverage.
FUZZ_SECONDS ?= 600
FUZZ_BUILD := $(BUILD)-fuzz
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_SOURCES = $(SOURCES_corpus) $(addprefix searcher/,query.c query_lexer.c query_leaf.c query_range.c \
	query_least.c query_characters.c escape.c serve/request.c serve/ask.c serve/text.c)
FUZZ_OBJECTS = $(FUZZ_SOURCES:%.c=$(FUZZ_BUILD)/%.o)

$(FUZZ_BUILD)/%.o: %.c
	@mkdir -p $(@D)
	clang -std=gnu11 -I. -D_GNU_SOURCE $(DEFINES) -DPLENARY_VERSION='"$(VERSION)"' $(LIB_CFLAGS) \
		$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<

$(FUZZ_BUILD)/fuzz_%: $(FUZZ_BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	clang++ $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIB_LIBS)

-include $(shell find $(FUZZ_BUILD) -name '*.d' 2>/dev/null)

.PHONY: fuzz
fuzz: $(FUZZERS:%=$(FUZZ_BUILD)/fuzz_%) ## fuzz each reader and parser for FUZZ_SECONDS (600), from the seeds in tests/fuzz
	@for name in $(FUZZERS); do tests/fuzz/run $(FUZZ_BUILD) $$name $(FUZZ_SECONDS) || exit 1; done

.PHONY: fuzz-short
fuzz-short: ## the same for three seconds each
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=3

.PHONY: relevance
relevance: all ## measure ranking on the test collections, beside Lucene, if they are there
	@tests/relevance/run $(BUILD)

C_FILES = $(wildcard corpus/*.[ch] indexer/*.[ch] indexer/*/*.[ch] searcher/*.[ch] \
	searcher/library/*.[ch] searcher/serve/*.[ch] searcher/examples/*.c \
	shim/*.h shim/*.cc shim/*.hh tests/unit/*.[ch] tests/unit/*/*.[ch] tests/fault/*.[ch] \
	tests/bench/*.[ch] tests/fuzz/*.[ch] tests/serve/*.[ch])
# Test programs repeat cmocka's needs and are checked for layout only.
TIDY_FILES = $(wildcard corpus/*.c indexer/*.c indexer/*/*.c searcher/*.c searcher/library/*.c \
	searcher/serve/*.c)

.PHONY: lint
lint: lint-format lint-tidy lint-cppcheck lint-man ## clang-format, clang-tidy, cppcheck, mandoc

.PHONY: lint-format
lint-format:
	clang-format --dry-run --Werror $(C_FILES)

.PHONY: lint-tidy
lint-tidy: $(TIDY_FILES:%=$(BUILD)/tidy/%)

$(BUILD)/tidy/%: % .clang-tidy
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- -std=gnu11 -I. -D_GNU_SOURCE \
		-DPLENARY_VERSION='"$(VERSION)"' $(DEFINES) $(LIB_CFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

.PHONY: lint-cppcheck
lint-cppcheck:
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -I. -D_GNU_SOURCE \
		--enable=warning,portability --suppress=missingInclude corpus indexer searcher shim

MAN_PAGES := indexer/plenary-index.1 searcher/plenary-search.1 searcher/plenary-report.1 searcher/plenary-serve.1

.PHONY: lint-man
lint-man:
	mandoc -T lint -W warning $(MAN_PAGES)

SYSTEMD_UNITS := plenary-serve.service plenary-serve.socket

.PHONY: install
install: all ## install under PREFIX (and DESTDIR): programs, manuals, completion, pkg-config file
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin libexec/plenary include lib/pkgconfig lib/systemd/system \
		share/man/man1 share/doc/plenary/examples share/bash-completion/completions)
	install -m 644 searcher/plenary.h $(DESTDIR)$(PREFIX)/include
	install -m 755 $(BUILD)/$(SONAME) $(DESTDIR)$(PREFIX)/lib
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libplenary.so
	install -m 644 $(BUILD)/libplenary.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 searcher/examples/* $(DESTDIR)$(PREFIX)/share/doc/plenary/examples
	for unit in $(SYSTEMD_UNITS); do sed -e 's|@PREFIX@|$(PREFIX)|' searcher/$$unit \
		> $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit; done
	install -m 755 $(PROGRAMS:%=$(BUILD)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(READ) $(DESTDIR)$(PREFIX)/libexec/plenary
	install -m 644 $(MAN_PAGES) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 searcher/schema.md $(DESTDIR)$(PREFIX)/share/doc/plenary
	for program in $(PROGRAMS); do install -m 644 searcher/completion.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$program; done
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(LIB_LIBS) -lstdc++|' searcher/plenary.pc.in \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/plenary.pc
# The linker finds the library at once; not in a package's root, nor in the home of one who is not root.
	$(if $(DESTDIR),,[ "$$(id -u)" -ne 0 ] || ldconfig)

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(PROGRAMS:%=bin/%) libexec/plenary/plenary-read lib/pkgconfig/plenary.pc \
		$(patsubst %,share/man/man1/%,$(notdir $(MAN_PAGES))) share/doc/plenary/schema.md \
		$(PROGRAMS:%=share/bash-completion/completions/%) include/plenary.h \
		lib/$(SONAME) lib/libplenary.so lib/libplenary.a $(SYSTEMD_UNITS:%=lib/systemd/system/%) \
		$(patsubst searcher/%,share/doc/plenary/%,$(wildcard searcher/examples/*)))
	rmdir $(addprefix $(DESTDIR)$(PREFIX),/share/doc/plenary/examples /share/doc/plenary /libexec/plenary) 2>/dev/null || true

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz
