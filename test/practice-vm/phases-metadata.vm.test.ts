import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {interruptEach} from './interrupt.ts';
import {moveCompilerOn} from './moved-on.ts';
import {borrowRoot, expectNothingLeft, kdirOf, type Place, replaceIn, run, stampsOf} from './practice.ts';

/** Folders of the root. */
const made = '/var/made';
const work = 'var/tmp/linux-rust-setup';

/** Runs a shell script in the root of a place. */
const inside = (at: Place, script: string, ...words: readonly string[]): void => {
	execFileSync('chroot', [at.root, 'sh', '-euc', script, 'sh', ...words], {stdio: ['ignore', 'ignore', 'inherit']});
};

const tarballOf = (at: Place): string =>
	`/usr/src/${JSON.parse(readFileSync(stampsOf(at), 'utf8')).kernel.source as string}.tar.xz`;

describe('interrupted while the metadata is made', () => {
	const at = borrowRoot();
	const kdir = kdirOf(at);
	const lost = join(kdir.outside, 'rust/libcore.rmeta');

	beforeAll(() => {
		// the source without its packing; and what compiling rust/ gives, for the phases behind that
		inside(
			at,
			`mkdir "$3" /var/tmp/source; cd /var/tmp/source
			XZ_DEFAULTS=--threads=0 tar -x --wildcards --no-wildcards-match-slash -f "$1" '*/Makefile' '*/Kbuild' '*/Kconfig' '*/rust' \\
				'*/scripts' '*/include' '*/arch/x86' '*/arch/*/Makefile' '*/drivers/android' '*/drivers/base' '*/tools/include' '*/kernel/bounds.c'
			tar -c -f "$1" *; rm -r /var/tmp/source
			cp "$2"/rust/*.rmeta "$2"/rust/*.so "$2/scripts/target.json" "$3"
			cut -f2 "$2/Module.symvers" | grep -E '^(_R|rust_helper_)' | sed 's/.*/EXPORT_SYMBOL_RUST_GPL(&);/' > "$3/exports.h"`,
			tarballOf(at),
			kdir.inside,
			made
		);
		replaceIn(
			at,
			'make',
			`[ -e ${made}/quickly ] || exec make.real "$@"
			mkdir -p "$3/rust" "$3/scripts"; cp ${made}/*.rmeta ${made}/*.so "$3/rust/"; cp ${made}/target.json "$3/scripts/"
			cp ${made}/exports.h "$3/rust/exports_made_generated.h"`
		);
		rmSync(lost);
	});

	interruptEach(at, 'metadata', phase => {
		if (phase.title.test('comparing the symbols')) writeFileSync(join(at.root, made, 'quickly'), '');
		return [];
	});

	test('after all of that the next start makes it, and nothing is left of the work', async () => {
		const words = ['practice', 'start', '--yes'];
		expect((await run(words, {at})).code).toBe(0);
		expect((await run(['practice', 'stop'], {at})).code).toBe(0);
		expect(existsSync(lost)).toBe(true);
		expect(existsSync(join(at.root, work))).toBe(false);
	});
});

describe('interrupted while a small kernel is built, because no suite will do', () => {
	const at = borrowRoot();

	beforeAll(() => {
		// sid's compiler has moved on, its packages are there, its source is next to nothing, and make does it in a moment
		inside(
			at,
			`mkdir "$1"; cd "$1"; sed -i 's/ forky / sid /' /etc/apt/sources.list; apt-get -qq -o Acquire::Check-Valid-Until=false update
			depends() { apt-cache show --no-all-versions "$1" | sed -n '/^Depends:/p' | grep -o "$2-[0-9][^ ,]*" | head -n 1; }
			apt-get -qq download "$(depends linux-headers-amd64 linux-headers)" 2> /dev/null
			mkdir -p linux/include linux/scripts; cd linux; touch Makefile Kbuild Kconfig Module.symvers modules.order
			mkdir -p arch/x86/include arch/x86/boot rust tools/objtool; touch arch/x86/Makefile arch/x86/boot/bzImage
			touch tools/objtool/objtool rust/libcore.rmeta rust/libmacros.so; cd ..
			tar -c -f "/usr/src/$(depends linux-source linux-source).tar.xz" linux`,
			made
		);
		moveCompilerOn(at);
		replaceIn(at, 'apt-get', `case " $* " in *" download "*) cp ${made}/*.deb . ;; esac`);
		replaceIn(
			at,
			'make',
			'case " $* " in *" tinyconfig "*) touch "$3/.config" ;; *kernelrelease*) echo 9.9.9-practice ;; esac; sleep 0.1'
		);
		const {recipe, way, mirror} = JSON.parse(readFileSync(stampsOf(at), 'utf8'));
		writeFileSync(stampsOf(at), JSON.stringify({recipe, way, mirror, suite: 'sid'}));
	});

	interruptEach(at, 'small kernel');

	test('after all of that the next start builds it, says why, and nothing is left of the work', async () => {
		// what is installed is no kernel, so no guest comes up
		const {stderr} = await run(['practice', '--yes'], {at});
		expect(stderr).toMatch(
			/Debian sid will not do: \S+ was built with rustc .*, and the suite has moved on to rustc 9\.99\.9/
		);
		expect(stderr).toMatch(/^installing it$/m);
		expect(JSON.parse(readFileSync(stampsOf(at), 'utf8')).kernel).toMatchObject({
			release: '9.9.9-practice',
			built: true
		});
		expect(existsSync(join(at.root, work))).toBe(false);
		await expectNothingLeft(at);
	});
});
