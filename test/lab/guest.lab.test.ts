import {readdir, readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {bootGuest, runInGuest} from './lab.ts';

test('an installed linux-rust is the running kernel', async () => {
	const {code, output} = await runInGuest(
		'uname -r; pacman -Q linux-rust linux-rust-headers; zgrep CONFIG_RUST= /proc/config.gz'
	);
	expect(output).toMatch(
		/^6\.12\.\d+-arch1-1-rust\nlinux-rust 6\.12\.\d+\.arch1-1\nlinux-rust-headers 6\.12\.\d+\.arch1-1\nCONFIG_RUST=y\n$/
	);
	expect(code).toBe(0);
});

test('the kernel log is not for an ordinary user, as on Arch', async () => {
	const {output} = await runInGuest('cat /proc/sys/kernel/dmesg_restrict; dmesg');
	expect(output).toMatch(/^1\ndmesg: .*Operation not permitted/);
});

test('a terminal in the guest: sudo, keys, size, exit code', async () => {
	const program = `
		const {stdin, stdout} = process;
		const size = () => console.log(stdout.columns + 'x' + stdout.rows);
		stdin.setRawMode(true);
		stdin.on('data', keys => console.log(JSON.stringify(String(keys))) ?? (String(keys) === 'q' && process.exit(7)));
		stdout.on('resize', size);
		size();`;
	const guest = await bootGuest({
		columns: 100,
		rows: 30,
		script: `sudo id -un; echo kept > /results/note; exec node -e '${program.replaceAll("'", "'\\''")}'`
	});
	await guest.waitFor('password for dev:');
	guest.press('wrong\r');
	await guest.waitFor(/Sorry, try again\.\n.*password for dev:/);
	guest.press('dev\r');
	await guest.waitFor(/^root\n100x30$/m);
	guest.resize(90, 25);
	await guest.waitFor(/^90x25$/m);
	guest.press('\x1b[B');
	await guest.waitFor('"\\u001b[B"');
	guest.press('\x03');
	await guest.waitFor('"\\u0003"');
	guest.press('q');
	const {code, files} = await guest.done;
	expect(files).toEqual({note: 'kept\n'});
	expect(code).toBe(7);
});

test('a killed guest leaves no process', async () => {
	const guest = await bootGuest({script: 'echo up; sleep 1000 & sleep 1000'});
	await guest.waitFor('up');
	expect(await processesWith(guest.folder)).not.toEqual([]);
	await guest.kill();
	const {code} = await guest.done;
	expect(code).toBeUndefined();
	expect(await processesWith(guest.folder)).toEqual([]);
});

/** Command lines of this machine's processes that hold a text. */
async function processesWith(text: string): Promise<readonly string[]> {
	const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	// A process may be gone by the time its file is read.
	const commandLines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
	return commandLines.filter(line => line.includes(text));
}
