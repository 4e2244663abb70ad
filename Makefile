# The two commands of the README, and the few that developers want beside them.
.PHONY: demo test build check format benchmark install clean

PREFIX ?= /usr/local

# Sets up, builds, and goes from a folder of (rendered) photos to a verified, explained answer.
demo: build
	.build/release/cairn demo --output demo

# Sets up and runs everything that can fail: formatting, warnings, tests.
test:
	Scripts/bootstrap
	Scripts/check

build:
	Scripts/bootstrap
	swift build -c release --product cairn

check:
	Scripts/check

format:
	swift format -i -r Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

# Figures for Docs/Results.md, each beside its peer's from the same run.
benchmark: build
	Scripts/bootstrap --peers
	Benchmarks/run

install: build
	install -d $(DESTDIR)$(PREFIX)/lib/cairn $(DESTDIR)$(PREFIX)/bin
	install .build/release/cairn $(DESTDIR)$(PREFIX)/lib/cairn/
	cp -R .build/release/*.resources $(DESTDIR)$(PREFIX)/lib/cairn/
	cp -P .deps/openvino/lib/*.so* .deps/lightgbm/lib/*.so $(DESTDIR)$(PREFIX)/lib/cairn/
	ln -sf ../lib/cairn/cairn $(DESTDIR)$(PREFIX)/bin/cairn

clean:
	rm -rf .build .deps demo
