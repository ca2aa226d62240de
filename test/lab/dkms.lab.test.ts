import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {machineFolder, runInGuest} from './lab.ts';

/** What the package dkms brings, a shell script and its settings: it goes to the lab's machine as it is here. */
const program = ['usr/sbin/dkms', 'etc/dkms', 'usr/lib/dkms'].filter(path => existsSync(join('/', path)));

type Step = {readonly status: string; readonly reason?: string; readonly summary: string};

let job = '';
let output = '';
beforeAll(async () => {
	if (!program.includes('usr/sbin/dkms')) return;
	const machine = await machineFolder();
	job = mkdtempSync(join(dirname(machine), 'jobs', 'beside-'));
	chmodSync(job, 0o777);
	for (const path of program) cpSync(join('/', path), join(job, 'dkms', path), {recursive: true});
	writeFileSync(
		join(job, 'prepare'),
		`cp -r /job/dkms/. /; mkdir -p /var/lib/dkms
		echo "127.0.0.1 $(cat /proc/sys/kernel/hostname)" >> /etc/hosts
		echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev`
	);
	writeFileSync(
		join(job, 'script'),
		`check() { linux-rust-setup check build --json > /job/$1.json || true; }
		release=$(ls /usr/lib/modules)
		linux-rust-setup new numbers --template numbers --dkms --quiet
		linux-rust-setup build numbers --quiet
		sudo cp -r numbers /usr/src/numbers-0.1
		sudo dkms add numbers/0.1
		sudo dkms status > /job/added
		# as if a kernel had been upgraded since
		sed -i "s/$release/6.12.116-arch1-1-rust/g" numbers/numbers.ko
		check stale
		linux-rust-setup check build --mend
		sudo dkms status > /job/mended
		check mended
		modinfo -F vermagic /usr/lib/modules/$release/updates/dkms/numbers.ko > /job/vermagic
		cp /usr/lib/modules/$release/updates/dkms/numbers.ko /job/
		# DKMS alone, as its own hook does it for a new kernel
		sudo dkms uninstall numbers/0.1 -k $release; sudo dkms unbuild numbers/0.1 -k $release
		sudo dkms autoinstall -k $release
		sudo dkms status > /job/automatic
		sudo sed -i.kept 's/^CONFIG_RUST=y/# CONFIG_RUST is not set/' /usr/lib/modules/$release/build/.config
		sudo dkms unbuild numbers/0.1 -k $release; sudo dkms build numbers/0.1 -k $release > /job/without-rust 2>&1 || true
		sudo mv /usr/lib/modules/$release/build/.config.kept /usr/lib/modules/$release/build/.config
		sudo dkms remove numbers/0.1 --all
		check removed
		sudo dkms status > /job/gone; find /var/lib/dkms /usr/lib/modules -name 'numbers*' >> /job/gone`
	);
	const done = spawnSync(join(import.meta.dirname, 'beside.sh'), [machine, job], {encoding: 'utf8', timeout: 200_000});
	output = done.stdout + done.stderr;
	if (done.status !== 0) throw new Error(`code ${done.status}:\n${output.slice(-4000)}`);
}, 240_000);

afterAll(() => {
	if (job !== '') rmSync(job, {recursive: true, force: true});
});

const text = (name: string): string => readFileSync(join(job, name), 'utf8');
const step = (name: string): Step => JSON.parse(text(`${name}.json`)).steps[0];
const release = /6\.12\.\d+-arch1-1-rust/.source;

describe.runIf(program.includes('usr/sbin/dkms'))('a module that the real DKMS has', () => {
	test('is added with the dkms.conf that the wizard writes', () => {
		expect(text('added')).toBe('numbers/0.1: added\n');
		expect(step('stale')).toMatchObject({status: 'stale', reason: 'build.other-release'});
	});

	test('is built and installed by DKMS where check --mend hands it over', () => {
		expect(output).toMatch(/build: Let DKMS build numbers\/0\.1\n/);
		expect(text('mended')).toMatch(new RegExp(`^numbers/0\\.1, ${release}, x86_64: installed\n$`));
		expect(text('vermagic')).toMatch(new RegExp(`^${release} `));
		expect(step('mended')).toMatchObject({status: 'done', summary: expect.stringMatching(/^DKMS built numbers for /)});
	});

	test('is built by DKMS alone for a kernel with Rust, and for no other', () => {
		expect(text('automatic')).toMatch(/: installed\n$/);
		expect(text('without-rust')).toMatch(/BUILD_EXCLUSIVE/);
	});

	test('and is gone when it is removed', () => {
		expect(text('gone')).toBe('');
		expect(step('removed')).toMatchObject({status: 'stale', reason: 'build.other-release'});
	});

	test('runs in the kernel it was built for', async () => {
		const {code} = await runInGuest(
			'sudo -n insmod /job/numbers.ko && grep "^numbers " /proc/modules && sudo -n rmmod numbers',
			{
				prepare: 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev',
				carry: {'numbers.ko': join(job, 'numbers.ko')}
			}
		);
		expect(code).toBe(0);
	});
});
