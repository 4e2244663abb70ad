# The two commands of the README, and the few that developers want beside them.
.PHONY: demo test build training check format benchmark install install-training clean

PREFIX ?= /usr/local

# Sets up, builds, and goes from a folder of (rendered) photos to a verified, explained answer.
demo: build
	.build/release/cairn demo --output demo

# Sets up and runs everything that can fail: formatting, warnings, tests.
test:
	Scripts/bootstrap --training
	Scripts/check

build:
	Scripts/bootstrap
	swift build -c release --product cairn

# cairn-train, which alone needs LibTorch.
training:
	Scripts/bootstrap --training
	swift build -c release --package-path Training --product cairn-train

check:
	Scripts/check

format:
	swift format -i -r Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Training/Package.swift \
	    Training/Sources Training/Tests

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

install-training: training
	install -d $(DESTDIR)$(PREFIX)/lib/cairn $(DESTDIR)$(PREFIX)/bin
	install Training/.build/release/cairn-train $(DESTDIR)$(PREFIX)/lib/cairn/
	cp -R Training/.build/release/*.resources $(DESTDIR)$(PREFIX)/lib/cairn/
	cp -P .deps/openvino/lib/*.so* .deps/lightgbm/lib/*.so $(DESTDIR)$(PREFIX)/lib/cairn/
	cp -L Training/.deps/torch/lib/*.so* $(DESTDIR)$(PREFIX)/lib/cairn/
	ln -sf ../lib/cairn/cairn-train $(DESTDIR)$(PREFIX)/bin/cairn-train

clean:
	rm -rf .build .deps Training/.build Training/.deps demo
