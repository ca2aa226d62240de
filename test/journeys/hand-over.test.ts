import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {foundProgram} from '../scaffold/found-program.ts';
import {openPty} from '../support/pty.ts';

const root = join(import.meta.dirname, '../..');
const needed = ['sudo', 'unshare', 'setpriv', 'mount'].map(foundProgram);
const isPossible = process.getuid?.() === 0 && needed.every(program => program !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'hand-over-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** "dev", by `openssl passwd -6 -salt linuxrustsetup dev`. */
const hash = '$6$linuxrustsetup$j9rdsRVKhy39VFvjctkqstmFULaZqta.N3k/UHsIj497u6IAxszX.hoTxsabXe/rugIUGGdKvHTxxJ7ngBgIb/';

/**
 * Runs its arguments as the ordinary user `dev`, who may become root with a password. The user exists in this mount namespace
 * alone: the machine's own files stay as they are.
 */
const asDev = `set -e
mount --make-rprivate /
cd ${folder}
cp /etc/passwd /etc/group /etc/shadow .
echo 'dev:x:4242:4242::/tmp:/bin/sh' >> passwd
echo 'dev:x:4242:' >> group
echo 'dev:${hash}:19000:0:99999:7:::' >> shadow
printf 'Defaults lecture=never\\nroot ALL=(ALL:ALL) ALL\\ndev ALL=(ALL:ALL) ALL\\n' > sudoers
chmod 440 sudoers
for file in passwd group shadow sudoers; do mount --bind $file /etc/$file; done
touch node
mount --bind ${process.execPath} node
exec setpriv --reuid=4242 --regid=4242 --clear-groups env HOME=/tmp USER=dev "$@"
`;

beforeAll(async () => {
	if (!isPossible) return;
	chmodSync(folder, 0o755);
	writeFileSync(join(folder, 'as-dev.sh'), asDev);
	await build({
		absWorkingDir: root,
		entryPoints: ['test/journeys/programs/lend-terminal.tsx'],
		outfile: join(folder, 'lend-terminal.mjs'),
		bundle: true,
		format: 'esm',
		platform: 'node',
		jsx: 'automatic',
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		alias: {'react-devtools-core': join(root, 'scripts/empty.js')},
		banner: {js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);"}
	});
});

/** The program that lends its terminal to `sudo -v`, `rounds` times. */
const lend = (rounds: number) =>
	openPty(
		[
			'unshare',
			'--mount',
			'/bin/sh',
			`${folder}/as-dev.sh`,
			`${folder}/node`,
			`${folder}/lend-terminal.mjs`,
			String(rounds)
		],
		{environment: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin'}}
	);

describe.runIf(isPossible)('the terminal is handed to the real sudo', () => {
	test('a password typed in one chunk right at the prompt arrives whole, ten times of ten', async () => {
		const terminal = lend(10);
		for (let round = 0; round < 10; round++) {
			await terminal.waitFor(new RegExp(`(?:password for dev:[\\s\\S]*){${round + 1}}`));
			terminal.type('dev\r');
		}
		await terminal.waitFor('given 10 refused 0 stolen []', 30_000);
		expect(terminal.text()).not.toContain('try again');
		expect((await terminal.exit).exitCode).toBe(0);
		expect(terminal.showsCursor()).toBe(true);
	}, 120_000);

	test('Ctrl-C at the prompt ends sudo alone; the keys are heard again afterwards', async () => {
		const terminal = lend(2);
		await terminal.waitFor('password for dev:');
		terminal.type('\u0003');
		await terminal.waitFor(/(?:password for dev:[\s\S]*){2}/);
		terminal.type('dev\r');
		await terminal.waitFor('given 1 refused 1 stolen []', 30_000);
		expect((await terminal.exit).exitCode).toBe(0);
	}, 60_000);

	test('the reason and the command stand above the prompt', async () => {
		const terminal = lend(1);
		await terminal.waitFor('password for dev:');
		expect(terminal.text()).toMatch(
			/sudo asks for your password, once for a few minutes, to run:\n {3}sudo true\n {3}why: shows that root can be had\n\[sudo\] password for dev:$/
		);
		terminal.type('dev\r');
		await terminal.exit;
	}, 60_000);
});
