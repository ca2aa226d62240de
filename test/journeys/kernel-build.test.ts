import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {canBuild, tinyRecipe} from '../packages/aur.ts';
import {buildProgram, programPath} from '../support/program.ts';
import {openPty} from '../support/pty.ts';
import {type ScratchMachine, scratchMachine} from '../support/scratch-machine.ts';

const made = canBuild ? scratchMachine() : {why: 'makepkg, or what it needs, is not installed'};
if ('why' in made) console.warn(`the wizard builds no kernel here: ${made.why}.`);

/** What the build needs, from a repository of its own; empty, because only pacman looks at it. */
const standIn = `pkgname=rust-stand-in
pkgver=1
pkgrel=1
arch=(any)
license=(GPL-2.0-only)
package() { install -Dm644 /dev/stdin "$pkgdir/usr/share/rust-stand-in" <<< here; }
`;

describe.runIf(!('why' in made))('the wizard builds a kernel from a folder, with sudo on a terminal', () => {
	const machine = made as ScratchMachine;
	afterAll(() => machine.forget());

	beforeAll(() => {
		buildProgram();
		const write = (path: string, content: string): void => {
			const file = join(machine.disk, 'upper', path);
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(file, content);
		};
		write('/etc/os-release', 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\n');
		write('/srv/recipe/PKGBUILD', tinyRecipe({extra: 'makedepends=(rust-stand-in)'}));
		write('/srv/recipe/rust.config', 'CONFIG_RUST=y\n');
		write('/srv/stand-in/PKGBUILD', standIn);
		write(
			'/etc/pacman.conf',
			'[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Optional\n[mine]\nServer = file:///srv/repository\n'
		);
		machine.write(
			'/etc/sudoers.d/dev',
			'dev ALL=(ALL) ALL\nDefaults lecture=never\nDefaults logfile=/var/log/sudo.log\n',
			0o440
		);
		machine.run(`
			useradd --create-home dev; echo dev:secret | chpasswd
			rm -rf /var/lib/pacman; mkdir -p /var/lib/pacman /srv/repository; chown -R dev: /srv
			cd /srv/stand-in
			runuser -u dev -- env PKGDEST=/srv/repository PKGEXT=.pkg.tar makepkg --nodeps > /dev/null 2>&1
			runuser -u dev -- repo-add --quiet /srv/repository/mine.db.tar.gz /srv/repository/*.pkg.tar > /dev/null
			pacman -Sy > /dev/null`);
	}, 240_000);

	test('root is asked for before the build and after it, and never in between', async () => {
		const wizard = openPty(
			[
				...machine.prefix,
				...['setpriv', '--reuid=dev', '--regid=dev', '--init-groups', 'env', 'HOME=/home/dev', 'USER=dev'],
				...[process.execPath, programPath, '--recipe', '/srv/recipe', '--aur', 'http://127.0.0.1:9']
			],
			{
				environment: {
					PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
					BOOT_SIZE: '',
					TERM: 'xterm-256color',
					LANG: 'C.UTF-8'
				}
			}
		);
		// what this machine lacks besides is left for later
		await wizard.waitFor('q quit', 60_000);
		for (let step = 0; step < 3 && !wizard.screen().includes('Build from /srv/recipe'); step++) {
			wizard.type('\u001b[F');
			await new Promise(resolve => setTimeout(resolve, 500));
			wizard.type('\r');
			await new Promise(resolve => setTimeout(resolve, 1500));
		}
		await wizard.waitFor('❯ Build from /srv/recipe');
		wizard.type('\r');
		await wizard.waitFor('May it run, as you?', 60_000);
		expect(wizard.screen()).toContain('Nothing red and nothing amber was found.');
		wizard.type('y');
		await wizard.waitFor('password for dev:', 120_000);
		expect(wizard.text()).toContain('sudo pacman -S --needed --asdeps -- rust-stand-in');
		wizard.type('secret\r');
		await wizard.waitFor(/Proceed with installation\?/, 60_000);
		wizard.type('y\r');
		// what a stand-in for a kernel lacks is found out after it was installed
		await wizard.waitFor(/[✘✔] kernel/, 300_000);
		const log = machine
			.run('cat /var/log/sudo.log; pacman -Q; ls /home/dev/.cache/linux-rust-setup/recipes/*/packages')
			.replace(/\n +/g, ' ');
		const commands = [...log.matchAll(/COMMAND=(.*)$/gm)].map(([, command = '']) => command.replace(/^\S*\//, ''));
		const named = commands.filter(command => command.startsWith('pacman'));
		expect(named).toHaveLength(2);
		expect(named[0]).toMatch(/^pacman -S --needed --asdeps -- rust-stand-in$/);
		expect(named[1]).toMatch(/^pacman -U .*linux-rust-7\.2\.13-1/);
		expect(commands.filter(command => !/^(?:pacman|true)\b/.test(command))).toEqual([]);
		expect(log).toMatch(/^rust-stand-in 1-1$/m);
		expect(log).toMatch(/^linux-rust-headers-7\.2\.13-1-any\.pkg\.tar/m);
	}, 600_000);
});
