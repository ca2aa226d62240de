import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {foundProgram} from '../scaffold/found-program.ts';
import {openPty} from '../support/pty.ts';
import {type ScratchMachine, scratchMachine} from '../support/scratch-machine.ts';
import {labRelease, rustc, writeHeaders} from '../support/sysroot.ts';

const program = join(import.meta.dirname, 'programs/install.ts');
const packages = '/srv/packages';
const modules = `/usr/lib/modules/${labRelease}`;

/** linux-rust and its headers in the shape of the real ones, a kernel image that is none, and packages that stand in their way. */
const recipe = `
pkgbase=linux-rust
pkgname=(linux-rust linux-rust-headers)
pkgver=6.12.117.arch1
pkgrel=1
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
package_linux-rust() {
	local modules=$pkgdir${modules}
	install -d "$modules"
	echo image > "$modules/vmlinuz"
	echo linux-rust > "$modules/pkgbase"
}
package_linux-rust-headers() {
	install -d "$pkgdir${modules}" "$pkgdir/usr/src"
	cp -r "$startdir/headers" "$pkgdir${modules}/build"
	ln -s "${modules}/build" "$pkgdir/usr/src/linux-rust"
}
`;

const other = `
pkgname=other
pkgver=1
pkgrel=1
arch=(any)
package() { install -D /dev/null "$pkgdir/usr/share/other"; }
`;

/** Stands in for mkinitcpio; /etc/fault is what goes wrong with it, as shell. */
const hook = `#!/bin/bash
set -e
while read -r target; do
	modules=/\${target%/vmlinuz}
	name=$(cat "$modules/pkgbase")
	echo > "$modules/modules.dep"
	echo "==> Building image from preset: /etc/mkinitcpio.d/$name.preset: 'default'"
	[ ! -e /etc/fault ] || . /etc/fault
	cp "$modules/vmlinuz" "/boot/vmlinuz-$name"
	head -c 100000 /dev/zero > /tmp/image
	cp /tmp/image "/boot/initramfs-$name.img"
	echo '==> Initcpio image generation successful'
done
`;

const hookFile = `[Trigger]
Type = Path
Operation = Install
Operation = Upgrade
Target = usr/lib/modules/*/vmlinuz
[Action]
Description = Updating linux initcpios...
When = PostTransaction
Exec = /usr/local/lib/initcpio
NeedsTargets
`;

const makepkg = foundProgram('makepkg');
const made = makepkg === undefined ? {why: 'makepkg is not installed'} : scratchMachine();
if ('why' in made) console.warn(`pacman is not tested: ${made.why}.`);

describe.runIf(!('why' in made))('pacman -U of what was built, with sudo on a terminal', {timeout: 60_000}, () => {
	const machine = made as ScratchMachine;
	afterAll(() => machine.forget());

	beforeAll(() => {
		const write = (path: string, content: string | Uint8Array): void => {
			const file = join(machine.disk, 'upper', path);
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(file, content);
		};
		write('/srv/linux-rust/PKGBUILD', recipe);
		write('/srv/other/PKGBUILD', other);
		writeHeaders(write, '/srv/linux-rust/headers', labRelease, {rustc: rustc.debian1851});
		machine.write('/usr/local/lib/initcpio', hook, 0o755);
		machine.write('/etc/pacman.d/hooks/90-mkinitcpio-install.hook', hookFile);
		machine.write(
			'/etc/pacman.conf',
			'[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Optional\n'
		);
		machine.write('/etc/sudoers.d/dev', 'dev ALL=(ALL) ALL\nDefaults passwd_tries=3\n', 0o440);
		machine.run(`
			useradd --create-home dev; echo dev:secret | chpasswd
			useradd --create-home stranger; echo stranger:secret | chpasswd
			rm -rf /var/lib/pacman; mkdir -p /var/lib/pacman; pacman -Q || true
			mkdir -p ${packages} /srv/conflicting /srv/broken; chown -R dev: /srv
			build() { cd "$1"; runuser -u dev -- env PKGDEST="$2" PKGEXT=.pkg.tar makepkg --nodeps > /dev/null 2>&1; }
			build /srv/other /srv/others &
			build /srv/linux-rust ${packages}
			wait
			cp ${packages}/* /srv/conflicting; cp ${packages}/* /srv/broken
			cd /srv/conflicting
			tar -xf linux-rust-6*.tar .PKGINFO; echo 'conflict = other' >> .PKGINFO
			tar --delete -f linux-rust-6*.tar .PKGINFO .MTREE; tar --owner=root --group=root -rf linux-rust-6*.tar .PKGINFO
			cd /srv/broken
			tar --delete -f linux-rust-headers-6*.tar .MTREE ${modules.slice(1)}/build/rust/libkernel.rmeta`);
	}, 120_000);

	beforeEach(() => {
		machine.run(`
			for one in linux-rust-headers linux-rust other; do pacman -R --noconfirm $one > /dev/null 2>&1 || true; done
			rm -rf ${modules} /boot/*linux-rust* /etc/fault /var/lib/pacman/db.lck /usr/src/linux-rust /run/sudo/ts
			grep -v ' /boot ' /etc/fstab > /etc/fstab.new || true; mv /etc/fstab.new /etc/fstab`);
	});

	const asUser = (user: string, folder: string): readonly [string, ...string[]] => [
		...machine.prefix,
		...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', 'env', `HOME=/home/${user}`],
		...[process.execPath, program, folder, 'linux-rust', 'linux-rust-headers']
	];

	/** Installs as an ordinary user; `passwords` are typed as sudo asks for them. */
	async function install(
		options: {
			readonly user?: string;
			readonly folder?: string;
			readonly passwords?: readonly string[];
			readonly before?: string;
			readonly bootSize?: string;
			readonly during?: (pty: ReturnType<typeof openPty>) => Promise<void>;
		} = {}
	): Promise<{readonly outcome: unknown; readonly text: string}> {
		const {user = 'dev', folder = packages, passwords = ['secret'], before, bootSize = '', during} = options;
		const argv = asUser(user, folder);
		const pty = openPty(
			before === undefined
				? argv
				: [...machine.prefix, 'sh', '-c', `${before}; exec "$@"`, 'sh', ...argv.slice(machine.prefix.length)],
			{
				columns: 1000,
				environment: {BOOT_SIZE: bootSize, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'}
			}
		);
		for (const [index, password] of passwords.entries()) {
			await pty.waitFor(new RegExp(`(?:password for ${user}:[\\s\\S]*){${index + 1}}`), 15_000);
			pty.type(`${password}\r`);
		}
		await during?.(pty);
		await pty.waitFor('[ended ', 30_000);
		await pty.exit;
		const text = pty.text();
		return {outcome: JSON.parse(/^\[ended (.*)\]$/m.exec(text)?.[1] ?? ''), text};
	}

	const refused = {kind: 'refused', why: expect.stringContaining(`The packages are kept in ${packages}`)};
	const installed = (): string => machine.run('pacman -Q 2> /dev/null || true');
	const command = `sudo pacman -U --noconfirm ${packages}/linux-rust-6.12.117.arch1-1-any.pkg.tar ${packages}/linux-rust-headers-6.12.117.arch1-1-any.pkg.tar`;

	test('goes well: the password is asked for once, everything is there, nothing is left to install', async () => {
		const {outcome, text} = await install();
		expect(outcome).toEqual({kind: 'ok'});
		expect(text).toContain(command);
		expect(text.match(/password for dev/g)).toHaveLength(1);
		expect(text.match(/\[remembers .*/g)).toEqual([
			`[remembers [{"kind":"packages","packages":{"names":["linux-rust","linux-rust-headers"],"folder":"${packages}"}}]]`,
			'[remembers [{"kind":"packages"}]]'
		]);
		expect(installed()).toBe('linux-rust 6.12.117.arch1-1\nlinux-rust-headers 6.12.117.arch1-1\n');
		expect(machine.run('ls /boot')).toContain('initramfs-linux-rust.img');
	});

	test('Ctrl-C, pressed again and again, does not reach pacman or its hooks', async () => {
		machine.write('/etc/fault', 'echo sleeping; sleep 2; echo slept\n');
		const {outcome, text} = await install({
			async during(pty) {
				await pty.waitFor('sleeping');
				for (let times = 0; times < 5; times++) {
					pty.type('\u0003');
					await new Promise(resolve => setTimeout(resolve, 200));
				}
			}
		});
		expect(outcome).toEqual({kind: 'ok'});
		expect(text).toContain('slept');
		expect(text).not.toContain('Interrupt signal received');
		expect(machine.run('ls /boot')).toContain('initramfs-linux-rust.img');
	});

	test('three wrong passwords: kept, the command shown; then once more with the right one', async () => {
		const {outcome, text} = await install({passwords: ['wrong', 'wrong', 'wrong']});
		expect(text).toContain('sudo: 3 incorrect password attempts');
		expect(outcome).toMatchObject({...refused, command});
		expect(text.match(/\[remembers /g)).toHaveLength(1);
		expect(installed()).toBe('');
		expect((await install()).outcome).toEqual({kind: 'ok'});
	});

	test('an account that may not: kept, the command shown', async () => {
		const {outcome, text} = await install({user: 'stranger', passwords: []});
		expect(text).toContain('user stranger may not run sudo');
		expect(outcome).toMatchObject({...refused, command});
	});

	test('nobody answers in time', async () => {
		machine.write('/etc/sudoers.d/zz-time', 'Defaults passwd_timeout=0.02\n', 0o440);
		const {outcome, text} = await install({passwords: []});
		machine.run('rm /etc/sudoers.d/zz-time');
		expect(text).toContain('timed out');
		expect(outcome).toMatchObject({...refused, command});
	});

	test('no sudo', async () => {
		const {outcome} = await install({
			passwords: [],
			before: ': > /tmp/none; mount --bind /tmp/none /usr/bin/sudo'
		});
		expect(outcome).toMatchObject({
			...refused,
			why: expect.stringContaining('sudo is not installed'),
			command: `su -c '${command.slice(5)}'`
		});
	});

	test('a hook fails: pacman ends with 0, and what is missing is named', async () => {
		machine.write('/etc/fault', 'echo "==> ERROR: module not found: ext4" >&2; exit 1\n');
		const {outcome, text} = await install();
		expect(text).toContain('error: command failed to execute correctly');
		expect(outcome).toEqual({
			kind: 'failed',
			title: 'pacman ended, and /boot/vmlinuz-linux-rust is missing',
			exit: {kind: 'exited', code: 0},
			failures: ['boot.module', 'pacman.hook', 'boot.incomplete']
		});
	});

	test('a hook that says nothing and does nothing is found out all the same', async () => {
		machine.write(
			'/etc/fault',
			`cp "$modules/vmlinuz" "/boot/vmlinuz-$name"; : > "/boot/initramfs-$name.img"; exit 0\n`
		);
		const {outcome} = await install();
		expect(outcome).toMatchObject({kind: 'failed', failures: ['boot.incomplete']});
		expect(outcome).toMatchObject({
			title: expect.stringContaining('/boot/initramfs-linux-rust.img is empty')
		});
	});

	test('an image of an earlier installation is not taken for this one’s', async () => {
		expect((await install()).outcome).toEqual({kind: 'ok'});
		machine.run('touch -d "1 hour ago" /boot/*linux-rust*; rm -r /run/sudo/ts');
		machine.write('/etc/fault', 'exit 0\n');
		const {outcome} = await install();
		expect(outcome).toMatchObject({
			title: expect.stringContaining('/boot/vmlinuz-linux-rust is older than this installation')
		});
	});

	test('/boot is full', async () => {
		const {outcome} = await install({bootSize: '64k'});
		expect(outcome).toMatchObject({
			kind: 'failed',
			exit: {kind: 'exited', code: 0},
			failures: ['boot.full', 'pacman.hook']
		});
	});

	test('headers without all of the Rust metadata', async () => {
		const {outcome} = await install({folder: '/srv/broken'});
		expect(outcome).toMatchObject({
			title: expect.stringContaining(`${modules}/build/rust/libkernel.rmeta is missing`)
		});
	});

	test('a lock that was left behind, and one that is held', async () => {
		machine.run('mkdir -p /var/lib/pacman; : > /var/lib/pacman/db.lck');
		expect((await install({passwords: []})).outcome).toMatchObject({
			...refused,
			why: expect.stringContaining('no pacman runs: one that was killed has left it'),
			command: 'sudo rm /var/lib/pacman/db.lck'
		});
		machine.run('rm /var/lib/pacman/db.lck');
		const held = `sleep 60 | pacman -U /srv/others/other-1-1-any.pkg.tar > /dev/null & while [ ! -e /var/lib/pacman/db.lck ]; do sleep 0.1; done`;
		const {outcome} = await install({passwords: [], before: held});
		expect(outcome).toMatchObject({why: expect.stringMatching(/another pacman is at work \(process \d+\)/)});
		expect(outcome).not.toHaveProperty('command');
	});

	test('packages that exclude each other', async () => {
		machine.run('pacman -U --noconfirm /srv/others/other-1-1-any.pkg.tar > /dev/null');
		const {outcome} = await install({folder: '/srv/conflicting'});
		expect(outcome).toMatchObject({
			kind: 'failed',
			title: 'pacman stopped with code 1. The packages are kept in /srv/conflicting',
			failures: ['pkg.conflict', 'pacman.transaction']
		});
		expect(installed()).toBe('other 1-1\n');
	});

	test('a file that is in the way', async () => {
		machine.run('mkdir -p /usr/src/linux-rust; : > /usr/src/linux-rust/mine');
		expect((await install()).outcome).toMatchObject({failures: ['pacman.files', 'pacman.transaction']});
		expect(machine.run('ls /usr/src/linux-rust')).toBe('mine\n');
	});

	test('/boot is to be mounted and is not', async () => {
		machine.run('echo "LABEL=BOOT /boot vfat defaults 0 2" >> /etc/fstab');
		expect((await install({passwords: []})).outcome).toMatchObject({...refused, command: 'sudo mount /boot'});
	});

	test('no packages where they should be', async () => {
		expect((await install({passwords: [], folder: '/srv/others'})).outcome).toEqual({
			kind: 'refused',
			why: 'there is no package linux-rust in /srv/others'
		});
	});
});
