import {expect, test} from 'vitest';
import {versionFromMakefile} from '../../src/kernel/source-version.ts';

const makefile = (extra: string): string =>
	`# SPDX-License-Identifier: GPL-2.0\nVERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = 13\nEXTRAVERSION =${extra}\nNAME = Baby Opossum Posse\n`;

test.each([
	['a release', makefile(''), '7.2.13'],
	['a release candidate', makefile(' -rc7'), '7.2.13-rc7'],
	['a distribution’s', makefile(' -arch1'), '7.2.13-arch1'],
	['the Makefile of headers', 'KBUILD_OUTPUT=/usr/src/linux-headers-7.2.13\ninclude x\n', undefined],
	['something else', 'VERSION = new\nPATCHLEVEL = 2\nSUBLEVEL = 1\n', undefined],
	['nothing', '', undefined]
])('%s', (_what, text, version) => expect(versionFromMakefile(text)).toBe(version));
