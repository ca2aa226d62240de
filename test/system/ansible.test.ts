import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {foundProgram} from '../scaffold/found-program.ts';
import {buildProgram, programPath} from '../support/program.ts';
import {scratchFolder} from '../support/scratch.ts';
import {freePort, sshd, startSshd} from '../support/sshd.ts';

const ansible = foundProgram('ansible-playbook');
const playbook = join(import.meta.dirname, '../../assets/ansible/check.yml');

describe.runIf(ansible !== undefined && sshd !== undefined)('the playbook, run by ansible over a real sshd', () => {
	beforeAll(buildProgram, 60_000);

	test('speaks of each machine, and names the one that cannot be asked', {timeout: 90_000}, async () => {
		const server = await startSshd();
		try {
			const folder = scratchFolder();
			const bin = join(folder, 'bin');
			mkdirSync(bin);
			symlinkSync(programPath, join(bin, 'linux-rust-setup'));
			symlinkSync(process.execPath, join(bin, 'node'));
			const inventory = join(folder, 'inventory.ini');
			writeFileSync(
				inventory,
				`[boxes]\nalive ansible_host=127.0.0.1 ansible_port=${server.port}\ndead ansible_host=127.0.0.1 ansible_port=${await freePort()}\n`
			);
			const {stdout, status} = spawnSync(
				ansible ?? '',
				['-i', inventory, playbook, '--extra-vars', '{"steps": ["machine", "load"]}'],
				{
					encoding: 'utf8',
					env: {
						PATH: `${bin}:${server.environment()['PATH']}`,
						HOME: folder,
						LC_ALL: 'C.UTF-8',
						ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'),
						ANSIBLE_RETRY_FILES_ENABLED: 'false'
					}
				}
			);
			// no machine of a test has a module loaded
			expect(stdout).toMatch(/alive +: ok=3 .*failed=1/);
			expect(stdout).toMatch(/dead +: ok=2 .*failed=1/);
			expect(stdout).toMatch(/fatal: \[dead\]: FAILED! => .*It cannot be reached/);
			expect(stdout).toMatch(/fatal: \[alive\]: FAILED! => [\s\S]*?"(machine|load): /);
			expect(status).toBe(2);
			expect(existsSync(join(folder, '.local/state/linux-rust-setup'))).toBe(false);
		} finally {
			server.stop();
		}
	});
});
