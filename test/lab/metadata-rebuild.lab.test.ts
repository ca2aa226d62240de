import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {performAll} from '../../src/actions/perform.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import {planSourceFetch} from '../../src/steps/fetch-source.ts';
import {makeCertificate} from '../support/certificate.ts';
import {serve} from '../support/rustup/server.ts';
import {machineFolder, runInGuest} from './lab.ts';

type Step = {
	readonly status: string;
	readonly reason?: string;
	readonly evidence: readonly {readonly label: string; readonly value: string}[];
	readonly remedies: readonly {readonly id: string}[];
};

const tarball = 'linux-6.12.117.tar.xz';
let job = '';
let output = '';

/** The machine, as its distribution leaves it where headers carry no Rust metadata, and the kernel's source as it was packed. */
beforeAll(async () => {
	const machine = await machineFolder();
	const lab = dirname(machine);
	job = mkdtempSync(join(lab, 'jobs', 'beside-'));
	chmodSync(job, 0o777);
	const source = readdirSync(lab)
		.filter(name => /^root-[0-9a-f]+$/.test(name))
		.map(name => join(lab, name, 'tree/usr/src/linux-source-6.12.tar.xz'))
		.find(file => existsSync(file));
	if (source === undefined) throw new Error(`No root in ${lab} has the kernel's source.`);
	await fetchAsFromKernelOrg(source);
	writeFileSync(
		join(job, 'prepare'),
		`rm -r /usr/lib/modules/*/build/rust /usr/lib/modules/*/build/scripts/target.json
		sources=/home/dev/.local/share/linux-rust-setup/sources
		install -d -o dev /home/dev/.local{,/share{,/linux-rust-setup}} $sources
		ln -s /job/${tarball} $sources/`
	);
	writeFileSync(
		join(job, 'script'),
		`check() { linux-rust-setup check metadata --json > /job/$1.json || true; }
		files() { (cd /usr/lib/modules/*/build && find . -type f | sort) > /job/$1; }
		files headers-before
		check before
		# ended while it compiles: nothing counts, and nothing is left but a log
		linux-rust-setup check metadata --mend > /tmp/cut 2>&1 &
		until grep -q 'RUSTC L rust/core' /tmp/cut; do sleep 0.1; done
		kill -INT $!
		code=0; wait $! || code=$?
		echo $code > /job/cut
		ls -A ~/.local/share/linux-rust-setup/metadata ~/.cache/linux-rust-setup/metadata > /job/left 2>&1 || true
		check after-cut
		linux-rust-setup check metadata --mend
		check after
		files headers-after
		linux-rust-setup new hello --quiet
		linux-rust-setup build hello
		cp hello/hello.ko /job/
		# a byte more, and no compiler takes the metadata; of its own, not of the distribution's
		echo >> ~/.local/share/linux-rust-setup/metadata/*/scripts/target.json
		check refused
		linux-rust-setup check metadata --mend
		check cured`
	);
	const done = spawnSync(join(import.meta.dirname, 'beside.sh'), [machine, job], {encoding: 'utf8', timeout: 900_000});
	output = done.stdout + done.stderr;
	if (done.status !== 0) throw new Error(`code ${done.status}:\n${output.slice(-4000)}`);
}, 1_000_000);

/**
 * The tarball as it comes into the folder of sources where it is not here: over HTTPS from a server of kernel.org's shape, which this
 * machine is. It is the distribution's, because kernel.org cannot be reached from every machine.
 */
async function fetchAsFromKernelOrg(source: string): Promise<void> {
	const published = join(job, 'published');
	const folder = '/pub/linux/kernel/v6.x';
	mkdirSync(join(published, folder), {recursive: true});
	linkSync(source, join(published, folder, tarball));
	const sum = createHash('sha256').update(readFileSync(source)).digest('hex');
	writeFileSync(join(published, folder, 'sha256sums.asc'), `${sum}  ${tarball}\n`);
	const tls = makeCertificate(job, ['cdn.kernel.org']);
	const server = await serve(published, {tls});
	writeFileSync(
		join(job, '.curlrc'),
		`cacert = "${tls.file}"\nconnect-to = "cdn.kernel.org:443:127.0.0.1:${server.port}"\n`
	);
	const reader = createLocalReader({
		environment: {PATH: process.env['PATH'], HOME: job, XDG_STATE_HOME: join(job, 'state')}
	});
	const base = `https://cdn.kernel.org${folder}`;
	const outcome = await performAll(
		planSourceFetch(
			{url: `${base}/${tarball}`, name: tarball, size: 'About 150 MB', sums: `${base}/sha256sums.asc`},
			join(job, tarball)
		),
		{
			reader,
			runner: createLocalRunner(reader),
			handOver: undefined,
			emit: () => {},
			signal: new AbortController().signal,
			watched: undefined,
			remember: async () => undefined
		}
	);
	await server.close();
	expect(outcome).toEqual({kind: 'ok'});
}

afterAll(() => {
	if (job !== '') rmSync(job, {recursive: true, force: true});
});

const text = (name: string): string => readFileSync(join(job, name), 'utf8');
const step = (name: string): Step => JSON.parse(text(`${name}.json`)).steps[0];

describe('headers that carry no Rust metadata', () => {
	test('have it rebuilt from the kernel’s own source, beside them', () => {
		expect(step('before')).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
		expect(step('before').remedies.map(one => one.id)).toContain('rebuild-metadata');
		expect(output).toMatch(
			/Rust symbols: \d{4} rebuilt, 0 of them unknown to the kernel, 0 of the kernel's not among them/
		);
		expect(text('headers-after')).toBe(text('headers-before'));
		expect(step('after')).toMatchObject({status: 'done'});
		expect(step('after').evidence).toContainEqual(
			expect.objectContaining({label: 'five-line crate', value: 'compiles against the metadata'})
		);
	});

	test('a rebuild that is stopped leaves nothing, and is no rebuild', () => {
		expect(text('cut').trim()).toBe('130');
		expect(text('left')).not.toContain('6.12.117');
		expect(step('after-cut')).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
	});

	test('a module built against it runs in the kernel it was made for', async () => {
		const {code} = await runInGuest(
			'sudo -n insmod /job/hello.ko && grep "^hello " /proc/modules && sudo -n rmmod hello',
			{
				prepare: 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev',
				carry: {'hello.ko': join(job, 'hello.ko')}
			}
		);
		expect(code).toBe(0);
	});

	test('metadata that no compiler takes is refused in rustc’s own words, and rebuilt', () => {
		expect(step('refused')).toMatchObject({status: 'todo', reason: 'metadata.refused'});
		expect(step('refused').evidence).toContainEqual(
			expect.objectContaining({label: 'five-line crate', value: expect.stringContaining('E0461')})
		);
		expect(step('refused').remedies.map(one => one.id)).toEqual(['rebuild-metadata']);
		expect(step('cured')).toMatchObject({status: 'done'});
	});
});
