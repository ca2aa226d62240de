import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {explainLog} from '../../src/failures/explain.ts';
import type {Severity} from '../../src/model/failure.ts';

const folder = 'test/fixtures/transcripts';

/**
 * What each recording of the real programs says, in the order in which it is told: the one to act on first first, nothing
 * for a run that went well. Output and errors stand one after the other where they were recorded apart; those called
 * `.tty` come from a terminal, with ESC shown as `^[`. Every recording was read when its line was written here.
 */
const told: Record<string, Record<string, string>> = {
	git: {
		'git-behind': '',
		'git-clone-404': 'git.repository git.remote',
		'git-clone-exists': 'git.exists',
		'git-clone-nosuch': 'git.empty',
		'git-clone-offline': 'git.offline',
		'git-clone-progress': '',
		'git-dirty': 'git.dirty'
	},
	kbuild: {
		'7.2-auth2': 'mac.array',
		'7.2-author': 'mac.key',
		'7.2-byte': 'mac.str',
		'7.2-feat': 'E0725',
		'7.2-init': 'api.init',
		'7.2-push': 'api.push',
		'7.2-req': 'mac.req',
		'7.2-rustdir-empty': 'E0463',
		'7.2-rustdir-patched': 'E0514',
		'7.2-vec': 'api.vec2 api.trypush',
		'deb72-make-missing-target-json': 'target.json',
		'full-612-awk': 'disk.full',
		'full-612-bash-printf': 'disk.full',
		'full-612-clang': 'disk.full',
		'full-612-dash-echo': 'disk.unwritten',
		'full-612-dash-printf': 'disk.unwritten',
		'full-612-fixdep': 'disk.unwritten',
		'full-612-lld-bash': 'disk.bus',
		'full-612-lld-bus': 'disk.bus',
		'full-612-lld-crash': 'disk.bus',
		'full-612-rustc-copy': 'disk.full',
		'full-612-rustc-llvm': 'disk.full',
		'full-612-rustc-metadata': 'disk.full',
		'full-72-as-open': 'disk.full cc.diff',
		'full-72-as-write': 'disk.full cc.diff',
		'full-72-gcc-dependencies': 'disk.full cc.diff',
		'full-72-ld-close': 'disk.full cc.diff',
		'full-72-ld-link': 'disk.full cc.diff',
		'full-72-objtool': 'disk.unwritten cc.diff',
		'k612-make-E0786-rustc-1.63.0': 'E0786',
		'k612-make-again': '',
		'k612-make-verbose': '',
		'k612-make-why': '',
		'k612-modules-install': 'sign.ssl',
		'lab-make-E0461-target-json-one-newline-more': 'E0461',
		'lab-make-E0514-nightly-1.97.0': 'E0514',
		'lab-make-E0514-rustc-1.95.0': 'E0514',
		'lab-make-clean': '',
		'lab-make-compile-error': 'source.rustc api.push',
		'lab-make-empty-build-dir': 'kdir.empty',
		'lab-make-headers-without-auto-conf': 'kdir.autoconf',
		'lab-make-missing-headers': 'kdir.missing',
		'lab-make-missing-libkernel.rmeta': 'E0463',
		'lab-make-modpost-undefined-symbol': 'modpost.c',
		'lab-make-no-clang': 'cc.lld cc.diff',
		'lab-make-no-make': 'make.none',
		'lab-make-ok': '',
		'lab-make-path-with-space': 'm.exist',
		'lab-make-unwritable-dir': 'm.unwritable',
		'lab-make-without-LLVM-gcc-present': 'cc.gcc cc.diff',
		'lab-make-without-LLVM-no-gcc': 'cc.none cc.diff',
		'rustavailable-no-bindgen': 'avail.bindgen.none',
		'rustavailable-no-clang': 'avail.cc avail.ok',
		'rustavailable-no-libclang': 'avail.libclang',
		'rustavailable-no-rustc': 'avail.rustc.none',
		'rustavailable-ok': 'avail.ok',
		'72-make-warnings': 'modpost.c cc.diff modpost.desc btf.skip',
		'k612-bash-no-command': 'any.command',
		'k612-dash-no-command': 'any.command',
		'k612-make-crate-name': 'crate.name',
		'k612-make-foreign-crate': 'source.import',
		'k612-make-macro-colon': 'mac.message',
		'k612-make-macro-order': 'mac.order',
		'k612-make-no-description': '',
		'k612-make-no-folder': 'kdir.folder',
		'k612-make-no-rule': 'kdir.norule',
		'k612-make-no-source': 'kbuild.nosrc',
		'k612-make-no-symvers': 'modpost.rust',
		'k612-make-not-gpl': 'modpost.gpl',
		'k612-make-not-send': 'api.send',
		'k612-make-path-with-colon': 'm.path',
		'k612-make-println': 'source.std',
		'k612-make-rust-analyzer': 'ra.src',
		'72-make-parameter-reference': 'api.paramref cc.diff',
		'73-make-parameter-dereferenced': 'api.deref'
	},
	kernel: {
		'config-gz-rust': '',
		'dmesg-default': 'load.layout load.elf load.unk load.taint.sig',
		'dmesg-follow-new': '',
		'dmesg-json': 'load.elf load.unk',
		'insmod-missing-file': 'load.nofile',
		'insmod-nonroot': 'load.eperm',
		'insmod-panic.dmesg': 'rust.panic oops',
		'insmod-truncated.dmesg': 'load.elf',
		'insmod-twice': 'load.exist',
		'insmod-unknown-symbol': 'load.unk',
		'insmod-wrong-vermagic.dmesg': 'load.layout',
		'insmod-wrong-vermagic': 'load.exec',
		'k612-make-E0461-target-json-changed': 'E0461',
		'k612-make-E0514-rustc-1.95.0': 'rust.target.newer',
		'k612-make-new-api-template': 'mac.key',
		'k612-make-ok': '',
		'kmsg-raw': 'load.layout load.elf load.unk load.taint.sig',
		'modprobe-not-found': 'load.modprobe',
		'rmmod-busy': 'rm.use',
		'rmmod-nonroot': 'rm.eperm',
		'rmmod-not-loaded': 'rm.notloaded',
		'rmmod-ok.dmesg': '',
		'uml-journey-1-install': 'pacman.query',
		'uml-journey-2-booted': 'load.eperm E0514 load.exist rm.notloaded load.taint.oot',
		'uml612-journey-3-update': 'kdir.missing',
		'uml612-journey-4-diskfull': 'rust.target.older rustup.extract rustup.net load.nofile cc.diff',
		'dmesg-denied': 'dmesg.perm',
		'insmod-init-error.dmesg': 'load.taint.oot load.taint.sig',
		'insmod-init-error': 'load.einval',
		'insmod-lacking.dmesg': 'load.unk',
		'insmod-ok.dmesg': '',
		'insmod-other-release.dmesg': 'load.vermagic',
		'insmod-unknown-parameter.dmesg': 'load.parameter.unknown',
		'modprobe-builtin': 'rm.builtin',
		'rmmod-builtin': 'rm.builtin'
	},
	makepkg: {
		'makepkg-already-part': 'pkg.built',
		'makepkg-already': 'pkg.built',
		'makepkg-as-root': 'pkg.root.makepkg',
		'makepkg-buildfail': 'kernel.rustc pkg.fail',
		'makepkg-checksum': 'pkg.sum',
		'makepkg-ctrlc.tty': 'pkg.stopped',
		'makepkg-enospc-rc': 'any.enospc pkg.extract',
		'makepkg-missing': 'pkg.deps',
		'makepkg-nofakeroot2': 'pkg.tool',
		'makepkg-nomake': 'make.none pkg.fail',
		'makepkg-nopkgbuild': 'pkg.nopkgbuild',
		'makepkg-nowrite': 'pkg.nowrite',
		'makepkg-ok.tty': '',
		'makepkg-packagefail': 'pkg.fail',
		'makepkg-pgp-skip': 'pkg.skippgp pkg.fakeroot',
		'makepkg-pgp-unknown': 'pkg.pgp.unknown pkg.pgp.verify',
		'makepkg-s-confirm.tty': 'pkg.deps.pacman pkg.deps',
		'makepkg-s-nodep': 'pkg.target pkg.deps pkg.deps.pacman',
		'makepkg-s-nosudo': 'pkg.su pkg.deps pkg.deps.pacman pkg.nosudo',
		'makepkg-s-notty': 'pkg.sudo pkg.deps pkg.deps.pacman',
		'makepkg-s-wrongpw.tty': 'sudo.wrong pkg.deps.pacman pkg.deps',
		'makepkg-si': 'depmod.symbols pkg.fakeroot',
		'makepkg-sigterm': 'pkg.stopped',
		'makepkg-sourceoffline': 'any.curl pkg.download',
		'makepkg-syntax': 'pkg.syntax'
	},
	pacman: {
		'host-pacman-U': 'pacman.hook',
		'pacman-Q-missing': 'pacman.query',
		'pacman-Qo-none': 'pacman.owner',
		'pacman-S-unknown': 'pkg.target',
		'pacman-Sy-offline': 'pacman.retrieve pacman.transaction',
		'pacman-Syu': '',
		'pacman-U-boot-full': 'boot.full pacman.hook',
		'pacman-U-conflict': 'pkg.conflict pacman.transaction',
		'pacman-U-ctrlc.tty': 'pacman.stopped',
		'pacman-U-enospc-nocheck': 'pacman.extract pkg.target pacman.transaction',
		'pacman-U-files': 'pacman.files pacman.transaction',
		'pacman-U-locked': 'pkg.lock',
		'pacman-U-missing-signature': 'pacman.signature',
		'pacman-U-no-mtab-not-enough-space': 'pacman.mounts pacman.space pacman.transaction',
		'pacman-U-nofile': 'pacman.nofile',
		'pacman-U-sigint': 'pacman.hook pacman.stopped',
		'pacman-U-tty.tty': '',
		'pacman-U-user': 'pacman.root',
		'pacman-badconf': 'pacman.config pacman.directive',
		'pacman-downgrade': '',
		'pacman-hookfail': 'boot.module pacman.hook',
		'pacman-remove-needed': 'pacman.needed pacman.transaction',
		vercmp: ''
	},
	rustup: {
		'distro-rustup-1.27': 'rustup.missing rustup.selfupdate',
		'rustup-component-add-missing': 'rustup.component',
		'rustup-component-add-unknown': 'rustup.nocomponent',
		'rustup-corrupt-settings': 'rustup.settings',
		'rustup-install-404-component': 'rustup.http',
		'rustup-install-503': 'rustup.http',
		'rustup-install-bad-name': 'rustup.name',
		'rustup-install-cut.tty': 'rustup.net',
		'rustup-install-enospc-unpack': 'any.enospc',
		'rustup-install-logdebug': '',
		'rustup-install-manifest-checksum': 'rustup.checksum rustup.uninstallable',
		'rustup-install-ok': '',
		'rustup-install-refused': 'rustup.net',
		'rustup-install-resume': '',
		'rustup-install-selfupdate': 'rustup.selfupdate',
		'rustup-install-short': 'rustup.checksum',
		'rustup-install-slow-progress-pipe': '',
		'rustup-install-two-b': 'rustup.conflict',
		'rustup-install-unknown-version': 'rustup.version',
		'rustup-link-badname': 'rustup.linkname',
		'rustup-link-components': 'rustup.name',
		'rustup-link-nolib': 'rustup.nolib',
		'rustup-nodefault-active': 'rustup.none',
		'rustup-nodefault-rustc': 'rustup.none',
		'rustup-override-build-dir-make': 'E0514',
		'rustup-partial-run': 'rustup.partial',
		'rustup-partial-which': 'rustup.partial',
		'rustup-plus-missing-toolchain': 'rustup.missing',
		'rustup-q-which-nosuch': 'rustup.binary',
		'rustup-rust-toolchain-toml-module-dir-make-ok': '',
		'rustup-tomlfile-active-noauto': 'rustup.missing',
		'rustup-toolchain-install-ok': ''
	},
	sudo: {
		'sudo-A-none': 'pkg.sudo',
		'sudo-S-ok': '',
		'sudo-S-wrong': 'sudo.wrong',
		'sudo-missingcmd': 'sudo.command',
		'sudo-no-tty': 'pkg.sudo sudo.host',
		'sudo-nosetuid': 'sudo.setuid',
		'sudo-v-timeout.tty': 'pkg.sudo'
	}
};

/** What in these recordings is no error; everything else listed above is one. */
const milder: Record<string, Severity> = {
	'avail.cc': 'warning',
	'avail.ok': 'note',
	'btf.skip': 'note',
	'cc.diff': 'warning',
	'depmod.symbols': 'warning',
	'git.empty': 'warning',
	'load.exist': 'warning',
	'load.parameter.unknown': 'warning',
	'load.taint.oot': 'note',
	'load.taint.sig': 'note',
	'modpost.desc': 'note',
	'pacman.directive': 'warning',
	'pacman.owner': 'warning',
	'pacman.query': 'warning',
	'pacman.stopped': 'warning',
	'pkg.built': 'warning',
	'pkg.fakeroot': 'note',
	'pkg.nosudo': 'warning',
	'pkg.skippgp': 'warning',
	'pkg.stopped': 'warning',
	'rm.builtin': 'warning',
	'rm.notloaded': 'warning',
	'rustup.selfupdate': 'warning',
	'sign.ssl': 'note',
	'sudo.host': 'note'
};

const read = (name: string) => readFileSync(`${folder}/${name}.txt`, 'utf8');

test('there are more than sixty failures and twenty clean logs', () => {
	const all = Object.values(told).flatMap(logs => Object.values(logs));
	expect(all.filter(ids => ids !== '').length).toBeGreaterThan(60);
	expect(all.filter(ids => ids === '').length).toBeGreaterThan(20);
});

test('every recording is listed', () => {
	const files = readdirSync(folder).flatMap(group => readdirSync(`${folder}/${group}`).map(file => `${group}/${file}`));
	const names = Object.entries(told).flatMap(([group, logs]) => Object.keys(logs).map(log => `${group}/${log}.txt`));
	expect(files.sort()).toEqual(names.sort());
});

describe.each(Object.entries(told))('%s', (group, logs) => {
	test.each(Object.entries(logs))('%s: %s', (log, ids) => {
		const {failures, firstError} = explainLog(read(`${group}/${log}`));
		expect(failures.map(({id}) => id).join(' ')).toBe(ids);
		for (const {id, severity} of failures) expect([id, severity]).toEqual([id, milder[id] ?? 'error']);
		expect(firstError).toEqual(log === 'vercmp' ? {line: 10, text: 'error: 1 argument(s) specified'} : undefined);
	});

	test.each(Object.entries(logs))('%s with other line ends, colours and a missing last line end', (log, ids) => {
		const text = read(`${group}/${log}`);
		const coloured = text
			.replace(/^(?=.)/gm, '\x1b[1m\x1b[38;5;9m')
			.replace(/\b(error|ERROR)\b/g, '\x1b[31m$1\x1b[0m\x1b[1m');
		for (const variant of [text.replace(/\r?\n/g, '\r\n'), coloured, text.trimEnd(), `${text}\n\n`]) {
			expect(
				explainLog(variant)
					.failures.map(({id}) => id)
					.join(' ')
			).toBe(ids);
		}
	});

	test.each(Object.entries(logs))('%s: lines are those of the file', log => {
		const text = read(`${group}/${log}`);
		const lines = text.split('\n');
		for (const {line, text: shown} of explainLog(text).failures) {
			expect(shown.length).toBeLessThanOrEqual(500);
			expect(shown).not.toMatch(/\p{Cc}/u);
			const plain = (lines[line - 1] as string).replace(/(?:\x1b|\^\[)(?:\[[0-9;?]*[A-Za-z]|\(B)/g, '');
			expect(plain.replaceAll('\t', ' ')).toContain(shown.slice(0, 500));
		}
	});
});
