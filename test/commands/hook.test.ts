import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {memorySchema} from '../../src/memory/migrations.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {buildProgram} from '../support/program.ts';
import {type ScratchMachine, scratchMachine} from '../support/scratch-machine.ts';
import {configs, labRelease, rustc, writeHeaders} from '../support/sysroot.ts';

const repository = join(import.meta.dirname, '../..');
const arch = 'rustc 1.85.1 (4eb161250 2025-03-15) (Arch Linux rust 1:1.85.1-1)';
const next = '6.12.118-arch1-1-rust';
const modules = (release: string): string => `/usr/lib/modules/${release}`;

/** What was true when all of it fitted together. */
const green = {
	at: '2026-11-12T10:00:00.000Z',
	kernel: {release: labRelease, package: 'linux-rust'},
	wanted: arch,
	rustc: {path: '/usr/bin/rustc', text: arch},
	kdir: `${modules(labRelease)}/build`,
	headers: labRelease,
	modules: []
};

const made = scratchMachine();
if ('why' in made) console.warn(`Hooks are not fired by package managers here: ${made.why}.`);

/** The program for the whole system, and a user of it who was green once, and becomes root without a password. */
function prepare(machine: ScratchMachine, id: string, before: object = green): void {
	machine.write('/etc/os-release', `NAME="Some Linux"\nID=${id}\n`);
	machine.write('/usr/bin/rustc', '#!/bin/sh\ntouch /a-hook-ran-a-compiler\n', 0o755);
	machine.write('/etc/sudoers.d/dev', 'dev ALL=(ALL) NOPASSWD: ALL\n', 0o440);
	machine.write(
		'/home/dev/.local/state/linux-rust-setup/memory.json',
		JSON.stringify({schema: memorySchema, modules: [], loads: [], green: before})
	);
	machine.run(
		`useradd --no-create-home dev
		chown -R dev: /home/dev
		chmod 600 /home/dev/.local/state/linux-rust-setup/memory.json
		mkdir -p /usr/local/lib/linux-rust-setup
		cp -r ${['assets', 'bin', 'dist', 'package.json'].map(name => join(repository, name)).join(' ')} /usr/local/lib/linux-rust-setup
		cp --remove-destination ${process.execPath} /usr/local/bin/node
		ln -sf ../lib/linux-rust-setup/bin/linux-rust-setup.js /usr/local/bin/linux-rust-setup
		chown -R root: /usr/local/lib/linux-rust-setup
		chmod -R go-w /usr/local/lib/linux-rust-setup`
	);
}

/** Runs it as dev, who has no terminal. */
const asDev = (command: string): string =>
	`cd /home/dev; runuser --user dev -- env -i HOME=/home/dev PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin LC_ALL=C.UTF-8 sh -euc '${command}' 2>&1 || echo "ended with $?"`;

const linesIn = (output: string): readonly string[] =>
	output.split(/\r?\n/).filter(line => line.startsWith('linux-rust-setup: '));

/** A kernel and its headers as packages, and the compiler. */
const recipes = (release: string, headers: string): Readonly<Record<string, string>> => ({
	[`linux-rust-${release}`]: `
pkgbase=linux-rust
pkgname=(linux-rust linux-rust-headers)
pkgver=${release.split('-')[0]}.arch1
pkgrel=1
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
package_linux-rust() {
	install -d "$pkgdir${modules(release)}"
	echo image > "$pkgdir${modules(release)}/vmlinuz"
	echo linux-rust > "$pkgdir${modules(release)}/pkgbase"
	cp ${headers}/config "$pkgdir${modules(release)}/config"
}
package_linux-rust-headers() {
	install -d "$pkgdir${modules(release)}"
	cp -r ${headers}/build "$pkgdir${modules(release)}/build"
}
`
});

const rustRecipe = (version: string): string => `
pkgname=rust
epoch=1
pkgver=${version}
pkgrel=1
arch=(any)
license=(MIT)
options=(!strip !debug)
package() {
	install -d "$pkgdir/usr/bin"
	printf '#!/bin/sh\\ntouch /a-hook-ran-a-compiler\\n' > "$pkgdir/usr/bin/rustc"
	chmod 755 "$pkgdir/usr/bin/rustc"
}
`;

describe.runIf(!('why' in made) && foundProgram('makepkg') !== undefined)('fired by pacman', {timeout: 60_000}, () => {
	const machine = made as ScratchMachine;
	afterAll(() => machine.forget());
	const pacman = (words: string): string => machine.run(asDev(`sudo pacman ${words} --noconfirm`));

	beforeAll(() => {
		buildProgram();
		prepare(machine, 'arch');
		for (const release of [labRelease, next]) {
			const headers = `/srv/headers-${release}`;
			writeHeaders((path, content) => machine.write(path, content), `${headers}/build`, release, {rustc: arch});
			machine.write(`${headers}/config`, configs.rustOn612.replace(rustc.debian1851, arch));
			for (const [name, recipe] of Object.entries(recipes(release, headers)))
				machine.write(`/srv/${name}/PKGBUILD`, recipe);
		}
		for (const version of ['1.85.1', '1.97.1']) machine.write(`/srv/rust-${version}/PKGBUILD`, rustRecipe(version));
		machine.write(
			'/etc/pacman.conf',
			'[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Optional\n'
		);
		machine.run(
			`rm -rf /var/lib/pacman /etc/pacman.d/hooks; mkdir -p /var/lib/pacman /srv/packages; chown -R dev: /srv
			for folder in /srv/linux-rust-* /srv/rust-*; do
				cd $folder; runuser --user dev -- env PKGDEST=/srv/packages PKGEXT=.pkg.tar makepkg --nodeps > /dev/null 2>&1 &
			done
			wait`
		);
	}, 120_000);

	test('when it is installed, upgraded and removed: kernel, headers and compiler', () => {
		pacman(
			`-U --overwrite "*" ${['linux-rust', 'linux-rust-headers'].map(name => `/srv/packages/${name}-6.12.117*`).join(' ')}`
		);
		pacman('-U --overwrite "*" /srv/packages/rust-1:1.85*');
		expect(machine.run(asDev('linux-rust-setup hook install --quiet; linux-rust-setup hook show'))).toContain(
			'/etc/pacman.d/hooks/linux-rust-setup.hook: installed'
		);

		const rust = linesIn(pacman('-U --overwrite "*" /srv/packages/rust-1:1.97*'));
		expect(rust).toEqual([
			'linux-rust-setup: rustc 1.85.1 (Arch Linux rust 1:1.85.1-1) -> 1.97.1 (package rust 1:1.97.1-1).',
			expect.stringMatching(/check --mend \(the kernel needs rustc 1\.85\.1 \(Arch Linux rust 1:1\.85\.1-1\)\)$/)
		]);
		const back = linesIn(pacman('-U --overwrite "*" /srv/packages/rust-1:1.85*'));
		expect(back).toEqual([]);

		const headersGone = linesIn(pacman('-R linux-rust-headers'));
		expect(headersGone[0]).toBe(`linux-rust-setup: headers ${labRelease} -> not there any more.`);
		expect(headersGone).toHaveLength(2);

		const upgraded = linesIn(
			pacman('-U --overwrite "*" /srv/packages/linux-rust-6.12.118* /srv/packages/linux-rust-headers-6.12.118*')
		);
		expect(upgraded[0]).toBe(`linux-rust-setup: kernel linux-rust ${labRelease} -> linux-rust ${next}.`);
		expect(upgraded[1]).toMatch(/^linux-rust-setup: reboot, then run: linux-rust-setup check --mend/);

		expect(linesIn(pacman('-R rust'))[0]).toMatch(
			/rustc 1\.85\.1 \(Arch Linux rust 1:1\.85\.1-1\) -> not there any more/
		);
		expect(linesIn(pacman('-R linux-rust-headers linux-rust'))[0]).toMatch(
			/^linux-rust-setup: kernel linux-rust \S+ -> /
		);
		expect(machine.run('ls /')).not.toContain('a-hook-ran-a-compiler');

		machine.run(asDev('linux-rust-setup hook remove --quiet'));
		expect(machine.run('ls /etc/pacman.d/hooks')).toBe('');
	});
});

/** The kernel's own scripts are those of its package in Debian (linux-image's postinst and postrm, 6.12). */
const script = (folder: string, when: string): string => `#!/bin/sh -e
version=${next}
case "$1" in ${when}) ;; *) exit 0 ;; esac
if [ -d ${folder} ]; then
	DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error --arg=$version --arg=/boot/vmlinuz-$version ${folder}
fi
`;

const hasApt = ['apt-get', 'dpkg-deb', 'run-parts'].every(name => foundProgram(name) !== undefined);

describe.runIf(!('why' in made) && hasApt)('fired by the kernel package that apt installs', {timeout: 60_000}, () => {
	const machine = scratchMachine() as ScratchMachine;
	afterAll(() => machine.forget());
	const image = '/srv/linux-image';

	beforeAll(() => {
		buildProgram();
		const {package: _none, ...kernel} = green.kernel;
		prepare(machine, 'debian', {...green, kernel, kdir: `${modules(labRelease)}/build`});
		const config = configs.rustOn612.replace(rustc.debian1851, arch);
		for (const [release, root] of [
			[labRelease, ''],
			[next, image]
		] as const) {
			machine.write(`${root}/boot/vmlinuz-${release}`, 'image');
			machine.write(`${root}/boot/config-${release}`, config);
			machine.write(`${root}${modules(release)}/modules.order`, '');
			writeHeaders((path, content) => machine.write(path, content), `${root}${modules(release)}/build`, release, {
				rustc: arch
			});
		}
		machine.write(
			`${image}/DEBIAN/control`,
			`Package: linux-image-${next}\nVersion: 6.12.118-1\nArchitecture: all\nMaintainer: Nobody <nobody@example.net>\nDescription: a kernel\n`
		);
		machine.write(`${image}/DEBIAN/postinst`, script('/etc/kernel/postinst.d', 'configure'), 0o755);
		machine.write(`${image}/DEBIAN/postrm`, script('/etc/kernel/postrm.d', 'remove'), 0o755);
		machine.run(
			`rm -rf /etc/kernel/*; chmod 755 ${image}; dpkg-deb --root-owner-group --build ${image} /srv/image.deb > /dev/null`
		);
	}, 60_000);

	test('when it is installed and removed, in a line or two', () => {
		machine.run(asDev('linux-rust-setup hook install --quiet'));
		expect(machine.run('run-parts --test /etc/kernel/postinst.d; run-parts --test /etc/kernel/postrm.d')).toBe(
			'/etc/kernel/postinst.d/zz-linux-rust-setup\n/etc/kernel/postrm.d/zz-linux-rust-setup\n'
		);
		const installed = linesIn(machine.run(asDev('sudo apt-get install --yes /srv/image.deb')));
		expect(installed).toEqual([
			`linux-rust-setup: kernel ${labRelease} -> ${next}.`,
			'linux-rust-setup: reboot, then run: linux-rust-setup check --mend'
		]);
		// the one that was green is there still
		expect(linesIn(machine.run(asDev(`sudo apt-get remove --yes linux-image-${next}`)))).toEqual([]);
		machine.run(`rm -rf ${modules(labRelease)}/build`);
		expect(linesIn(machine.run(asDev(`sudo run-parts --report --arg=${next} /etc/kernel/postrm.d`)))[0]).toBe(
			`linux-rust-setup: headers ${labRelease} -> not there any more.`
		);
		machine.run(asDev('linux-rust-setup hook remove --quiet'));
		expect(machine.run('find /etc/kernel -type f')).toBe('');
	});
});

describe.runIf(!('why' in made) && foundProgram('kernel-install') !== undefined)(
	'fired by kernel-install',
	{timeout: 60_000},
	() => {
		const machine = scratchMachine() as ScratchMachine;
		afterAll(() => machine.forget());

		beforeAll(() => {
			buildProgram();
			const {package: _none, ...kernel} = green.kernel;
			prepare(machine, 'fedora', {...green, kernel});
			const config = configs.rustOn612.replace(rustc.debian1851, arch);
			for (const release of [labRelease, next]) {
				for (const name of ['vmlinuz', 'modules.order']) machine.write(`${modules(release)}/${name}`, '');
				machine.write(`${modules(release)}/config`, config);
				writeHeaders((path, content) => machine.write(path, content), `${modules(release)}/build`, release, {
					rustc: arch
				});
			}
			machine.run('rm -rf /etc/kernel/*');
		}, 60_000);

		test('when a kernel is added, and not when one is removed', () => {
			machine.run(asDev('linux-rust-setup hook install --quiet'));
			const added = linesIn(machine.run(asDev(`sudo kernel-install add ${next} ${modules(next)}/vmlinuz`)));
			expect(added).toEqual([
				`linux-rust-setup: kernel ${labRelease} -> ${next}.`,
				'linux-rust-setup: reboot, then run: linux-rust-setup check --mend'
			]);
			expect(linesIn(machine.run(asDev(`sudo kernel-install remove ${next}`)))).toEqual([]);
		});
	}
);
