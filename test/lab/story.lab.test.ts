import {describe, expect, test} from 'vitest';
import {memorySchema} from '../../src/memory/migrations.ts';
import {type Disk, turnOn} from './disk.ts';
import {bootWizard, choose, ended, keys} from './journey.ts';
import {type Ended, type Guest, runInGuest} from './lab.ts';

/** The project's own recipe, for a kernel that runs as a program; Arch's patch is one that gives it Arch's name. */
const recipe = `export LINUX_VERSION=$(cat /srv/linux-version).arch1 LINUX_ARCH=um LINUX_CONFIG=tinyconfig LINUX_FRAGMENT=$HOME/uml.fragment`;

/** What an earlier run of the wizard leaves that built the packages and could not install them: nobody was there to type the password. */
const built = `
mkdir -p ~/.local/state/linux-rust-setup
cd ~/.local/state/linux-rust-setup
echo '{"schema": 3, "modules": [], "loads": [], "packages": {"names": ["linux-rust", "linux-rust-headers"], "folder": "/srv/linux-rust"}}' > memory.json
chmod 600 memory.json`;

const machine = {machine: 'story', memory: 3072} as const;

/** Chooses what needs root, and gives sudo the password it asks for. */
async function withPassword(guest: Guest, label: string): Promise<void> {
	await choose(guest, label);
	await guest.waitFor(/password for dev:/);
	guest.press('dev\r');
}

/** Chooses the reboot and confirms it; the machine goes down while the wizard runs. */
async function rebootFrom(guest: Guest, label: string): Promise<Ended> {
	await choose(guest, label);
	await guest.waitFor('Enter starts this machine anew, at once.');
	guest.press(keys.enter);
	return guest.done;
}

type Step = {readonly id: string; readonly status: string; readonly reason?: string; readonly summary: string};

function stepOf(text: string | undefined, id: string): Step | undefined {
	const {steps} = JSON.parse(text ?? '') as {readonly steps: readonly Step[]};
	return steps.find(one => one.id === id);
}

describe('from a stock kernel without Rust to a module that speaks, and past an update', () => {
	let disk: Disk;
	/** The disk as it was at first. */
	let untouched: Disk;

	test('linux runs: linux-rust is built by the project’s own recipe, installed by pacman, and added to GRUB', async () => {
		const prepared = await runInGuest('uname -r > /results/release', {
			...machine,
			prepare: 'grub-set-default "Advanced options for Arch GNU/Linux>Arch GNU/Linux, with Linux linux"'
		});
		expect(prepared.files['release']).toMatch(/^6\.12\.\d+-arch1-1\n$/);
		untouched = await turnOn(prepared);
		disk = untouched;
		expect(disk.kernel).toBe('/boot/vmlinuz-linux');

		const guest = await bootWizard({
			...machine,
			// the forecast of a build is 6 GB, and a guest's disk is three quarters of its memory; what is not used takes none
			memory: 9000,
			carry: disk.carry,
			before: recipe,
			words: '--recipe ~/recipe',
			// what may be deleted is not carried from one start to the next
			after:
				'cp ~/.local/state/linux-rust-setup/logs/makepkg-*.log /results/makepkg.log; rm -rf ~/.cache/linux-rust-setup/recipes'
		});
		await guest.waitFor('was built without Rust support');
		await choose(guest, 'Build from /home/dev/recipe');
		await guest.waitFor('May it run, as you?', 90_000);
		expect(guest.screen()).toContain('Nothing red and nothing amber was found.');
		guest.press('y');
		// root before the build, for what the build needs
		await guest.waitFor(/password for dev:/, 90_000);
		expect(guest.transcript()).toMatch(/sudo pacman -S --needed --asdeps -- bc /);
		guest.press('dev\r');
		await guest.waitFor(/Proceed with installation\?/, 60_000);
		guest.press('y\r');
		await guest.waitFor('Trust this key, and import it?', 90_000);
		guest.press('y');
		// and after it, to install: sudo may still remember the password
		await guest.waitFor(/password for dev:|installing linux-rust, linux-rust-headers/, 1_200_000);
		if (/password for dev:/.test(guest.screen())) guest.press('dev\r');
		// GRUB's menu is for root alone
		await guest.waitFor(/starts next is\s+not\s+known: only root/, 180_000);
		await choose(guest, 'Look into the menu of GRUB, as root');
		await guest.waitFor(/It is not in the\s+menu\s+of\s+GRUB\s+yet/);
		await choose(guest, "Add linux-rust to GRUB's menu");
		await guest.waitFor('Make linux-rust the default', 60_000);
		expect(guest.screen()).toMatch(/next boot +linux: GRUB, saved default/);

		// the default is left as it is, and nobody is at the menu when the machine starts
		const down = await rebootFrom(guest, 'Reboot');
		expect(down.files['processes']).toBeUndefined();
		disk = await turnOn(down);
		expect(disk.kernel).toBe('/boot/vmlinuz-linux');
	}, 1_800_000);

	test('the wrong kernel runs: which, why, and what to do about it', async () => {
		const guest = await bootWizard({...machine, carry: disk.carry});
		await guest.waitFor('Make linux-rust the default');
		expect(guest.transcript().replace(/\s+/g, ' ')).toMatch(
			/Welcome back: linux 6\.12\.\d+-arch1-1 runs, and not linux-rust 6\.12\.\d+-arch1-1-rust, which you set out for\./
		);
		expect(guest.screen().replace(/\s+/g, ' ')).toContain(
			'Its entry was not chosen: GRUB starts linux (saved default).'
		);
		await withPassword(guest, 'Make linux-rust the default');
		await guest.waitFor(/GRUB\s+starts\s+linux-rust\s+next/);
		disk = await turnOn(await rebootFrom(guest, 'Reboot into linux-rust'));
		expect(disk.kernel).toBe('/boot/vmlinuz-linux-rust');
	}, 240_000);

	test('linux-rust runs: welcome back, and the walk goes on from boot to a module that speaks', async () => {
		const guest = await bootWizard({...machine, carry: disk.carry, after: 'uname -r > /results/release'});
		await guest.waitFor('There is no module yet');
		expect(guest.transcript().replace(/\s+/g, ' ')).toMatch(
			/Welcome back: linux-rust 6\.12\.\d+-arch1-1-rust runs, as you set out for\./
		);
		expect(guest.screen()).toMatch(/✔ machine +kernel · boot · toolchain · metadata/);
		await choose(guest, 'Start from the template numbers');
		await guest.waitFor('Name of the module');
		guest.press('\u0015numbers\r');
		await guest.waitFor('numbers.rs');
		guest.press(keys.enter);
		await guest.waitFor('LLVM=1');
		guest.press(keys.enter);
		await guest.waitFor('sudo insmod', 90_000);
		await withPassword(guest, 'Load numbers, watch it speak');
		await guest.waitFor('u unload', 60_000);
		guest.press('u');
		await guest.waitFor('Your module spoke in a running kernel.', 60_000);
		guest.press('q');
		await guest.waitFor(ended(0));
		const done = await guest.done;
		expect(done.files['release']).toMatch(/-rust\n$/);
		// there is no reboot to wait for any more, and nothing left to install
		const memory: unknown = JSON.parse(done.files['memory.json'] ?? '');
		expect(memory).toMatchObject({schema: memorySchema, loads: [{name: 'numbers'}]});
		expect(memory).not.toHaveProperty('expectedBoot');
		expect(memory).not.toHaveProperty('packages');
		disk = await turnOn(done);
	}, 240_000);

	test('linux-rust is updated: not rebooted yet; after the reboot a rebuild is needed, and --mend does it', async () => {
		const updated = await runInGuest(
			`sudo pacman -U --noconfirm /srv/linux-rust-update/*.pkg.tar.zst > /results/pacman 2>&1; echo "pacman: $?"
			 linux-rust-setup check --json > /results/check.json; echo "check: $?"
			 linux-rust-setup check > /results/check.txt
			 ls /usr/lib/modules`,
			{...machine, carry: disk.carry, prepare: 'echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev'}
		);
		expect(updated.output).toMatch(/^pacman: 0\ncheck: 4\n6\.12\.\d+-arch1-1\n6\.12\.\d+-arch1-2-rust\n$/);
		expect(stepOf(updated.files['check.json'], 'boot')).toMatchObject({status: 'todo', reason: 'boot.updated'});
		expect(updated.files['check.txt']).toContain('the kernel was upgraded, and the machine not rebooted yet');
		disk = await turnOn(updated);
		expect(disk.kernel).toBe('/boot/vmlinuz-linux-rust');

		const rebooted = await runInGuest(
			`uname -r
			 linux-rust-setup check --json > /results/check.json; echo "check: $?"
			 linux-rust-setup check --mend > /results/mended 2>&1
			 linux-rust-setup check --json > /results/mended.json`,
			{...machine, carry: disk.carry}
		);
		expect(rebooted.output).toMatch(/^6\.12\.\d+-arch1-2-rust\ncheck: 1\n$/);
		expect(stepOf(rebooted.files['check.json'], 'boot')).toMatchObject({status: 'done'});
		expect(stepOf(rebooted.files['check.json'], 'build')).toMatchObject({
			status: 'stale',
			reason: 'build.other-release',
			summary: expect.stringMatching(/was built for .*-arch1-1-rust/)
		});
		expect(stepOf(rebooted.files['mended.json'], 'build')).toMatchObject({status: 'done'});
	}, 240_000);

	test('the same without questions: --yes installs, and chooses what starts next where --boot says so', async () => {
		const {output, files, ...rest} = await runInGuest(
			`${built}
			 cd
			 linux-rust-setup --yes > /results/first 2>&1; echo "without --boot: $?"
			 cp /boot/grub/grubenv /results/before
			 linux-rust-setup --yes --boot default > /results/second 2>&1; echo "with --boot: $?"
			 cp ~/.local/state/linux-rust-setup/memory.json /results/`,
			{...machine, carry: untouched.carry, prepare: 'echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev'}
		);
		// the reboot is left to a person
		expect(output).toBe('without --boot: 4\nwith --boot: 4\n');
		expect(files['first']).toContain('installing linux-rust');
		expect(files['first']).not.toContain('grub-set-default');
		expect(files['before']).toContain('with Linux linux\n');
		expect(files['second']).toMatch(/grub\.cfg[\s\S]*grub-mkconfig[\s\S]*sudo grub-set-default/);
		expect(JSON.parse(files['memory.json'] ?? '')).toMatchObject({
			expectedBoot: {
				package: 'linux-rust',
				release: expect.stringMatching(/-rust$/),
				running: expect.stringMatching(/-1$/)
			}
		});
		expect((await turnOn({files, ...rest})).kernel).toBe('/boot/vmlinuz-linux-rust');
	}, 240_000);
});
