import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openPty} from '../support/pty.ts';
import {type ScratchMachine, scratchMachine} from '../support/scratch-machine.ts';

const program = join(import.meta.dirname, 'programs/follow.ts');
const made = scratchMachine();
/** Whether root of this machine may follow its kernel log: it runs until it is stopped then. */
const isOpen = spawnSync('timeout', ['0.5', 'dmesg', '--follow-new']).status === 124;
if ('why' in made) console.warn(`sudo dmesg is not followed: ${made.why}.`);
else if (!isOpen) console.warn('sudo dmesg is not followed: root may not read the kernel log here.');

describe.runIf(!('why' in made) && isOpen)('the kernel log behind sudo', {timeout: 30_000}, () => {
	const machine = made as ScratchMachine;
	afterAll(() => machine.forget());
	beforeAll(() => {
		machine.run('useradd --create-home dev');
	});

	/** Writes a script in which `follow` is the program as dev, to whom /dev/kmsg is closed, and gives what runs it. */
	const script = (sudoers: string, body: string): string => {
		machine.write('/srv/script', scriptText(sudoers, body));
		return 'sh -eu /srv/script 2>&1 || true';
	};
	const scriptText = (sudoers: string, body: string): string => `
		printf 'dev ALL=(ALL) NOPASSWD: ALL\\n${sudoers}' > /etc/sudoers.d/dev
		mknod -m 600 /tmp/kmsg c 1 11; mount --bind /tmp/kmsg /dev/kmsg
		said() { for i in $(seq 100); do grep -q "$1" /tmp/said && return; sleep 0.1; done; echo "never said: $1"; cat /tmp/said; exit 1; }
		left() { ps -eo args= | grep -E '[d]mesg|[r]ead -r|follow[.]ts' || true; }
		gone() { for i in $(seq 50); do [ -n "$(left)" ] || return 0; sleep 0.1; done; echo still:; left; exit 1; }
		follow() { cd /home/dev; runuser -u dev -- env -i HOME=/home/dev PATH=/usr/bin:/bin ${process.execPath} ${program} "$@"; }
		${body}
		[ -z "$(ls /tmp | grep linux-rust-setup)" ] || ls /tmp`;

	const killed = `follow > /tmp/said & said 'reading sudo dmesg'
		echo '<6>a line for the test' > /dev/kmsg; said 'a line for the test'
		kill -9 $(pgrep -n -f 'programs/follow[.]ts'); gone; echo over`;

	test.each([
		['sudo runs it as its child', ''],
		['sudo runs it on a terminal of its own', 'Defaults use_pty\\n']
	])('is let go of when this process is killed with -9: %s', (_name, sudoers) => {
		expect(machine.run(script(sudoers, killed)).trim().split('\n').at(-1)).toBe('over');
	});

	test('and on a terminal', async () => {
		const pty = openPty([...machine.prefix, ...['sh', '-c', script('Defaults use_pty\\n', killed)]], {
			environment: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin'}
		});
		await pty.waitFor(/^over/m, 20_000);
		expect(pty.text()).not.toContain('still:');
	});

	test('closed, and not a process of it is left', () => {
		const body = "follow close > /tmp/said & said 'reading sudo dmesg'; gone; echo over";
		expect(machine.run(script('', body)).trim().split('\n').at(-1)).toBe('over');
	});

	test('a dmesg that ends at once is told from one that follows', () => {
		const body = `printf '#!/bin/sh\\necho unrecognized option >&2; exit 1\\n' > /tmp/dmesg; chmod 755 /tmp/dmesg
			mount --bind /tmp/dmesg $(command -v dmesg)
			follow > /tmp/said & said 'sudo dmesg --follow-new stopped at once: unrecognized option'
			pkill -f 'programs/follow[.]ts'; gone; echo over`;
		expect(machine.run(script('', body)).trim().split('\n').at(-1)).toBe('over');
	});
});
