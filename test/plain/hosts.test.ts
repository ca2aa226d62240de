import {describe, expect, test} from 'vitest';
import type {StepId, Verdict} from '../../src/model/step.ts';
import type {Judged} from '../../src/model/walk.ts';
import {type HostResult, hostsDocument, hostsExit, hostsLines, hostsQuiet, hostsText} from '../../src/plain/hosts.ts';
import {expectToFit, schema} from '../support/schemas.ts';

const order: readonly StepId[] = ['machine', 'kernel', 'boot', 'toolchain', 'metadata', 'module', 'build', 'load'];

/** All done, but for what is said otherwise. */
const judged = (open: Readonly<Partial<Record<StepId, string>>> = {}): readonly Judged[] =>
	order.map(id => {
		const summary = open[id];
		const verdict: Verdict =
			summary === undefined
				? {status: 'done', summary: `${id} is so`, evidence: []}
				: {
						status: id === 'boot' ? 'todo' : 'stale',
						reason: id === 'boot' ? 'boot.updated' : `${id}.other`,
						summary,
						question: `${summary}?`,
						evidence: [],
						remedies: []
					};
		return {id, question: '', verdict};
	});
const host = (name: string, open: Parameters<typeof judged>[0] = {}): HostResult => ({
	host: name,
	judged: judged(open),
	since: undefined,
	notices: []
});
const failed: HostResult = {
	host: 'ssh://gone',
	problem: {code: 'timeout', message: 'It did not answer in time.', remedy: 'See whether it is up: ssh gone'}
};
const look = {order, now: new Date('2026-11-23T10:00:00Z'), ascii: false, color: false, columns: 80};
const all = [
	host('ssh://one'),
	host('ssh://two', {boot: 'another kernel is running (6.12.1-arch1-1), and the Rust kernel waits for a reboot'}),
	failed
];

describe('the exit code is the first that a machine has', () => {
	test.each([
		[0, [host('this')]],
		[1, [host('this'), host('ssh://b', {build: 'old'})]],
		[4, [host('ssh://b', {build: 'old'}), host('ssh://c', {boot: 'old'})]],
		[3, all]
	])('%i', (code, results) => {
		expect(hostsExit(results)).toBe(code);
	});
});

describe('several machines, for a person', () => {
	test('are a table, and below it what each needs', async () => {
		expect(await hostsText(all, look)).toBe(`       machine  kernel  boot  toolchain  metadata  module  build  load
 one   ✔        ✔       ✔     ✔          ✔         ✔       ✔      ✔
 two   ✔        ✔       ○     ✔          ✔         ✔       ✔      ✔
 gone  could not be asked

one
   all done
two
   boot: another kernel is running (6.12.1-arch1-1), and the Rust kernel waits
   for a reboot
gone
   It did not answer in time.
   See whether it is up: ssh gone
`);
	});

	test('are a list where the table has no room', async () => {
		const text = await hostsText(all, {...look, columns: 40, ascii: true});
		expect(text).toBe(`[x] one
   all done
[ ] two
   boot: another kernel is running
   (6.12.1-arch1-1), and the Rust
   kernel waits for a reboot
? gone
   It did not answer in time.
   See whether it is up: ssh gone
`);
		for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
	});
});

test('one machine is shown as check shows this one', async () => {
	expect(await hostsText([host('ssh://two', {build: 'old'})], look)).toMatch(
		/^ssh:\/\/two\n\n ✔ machine {4}machine is so\n[\s\S]*\n ! build {6}stale: old\n/
	);
});

test('for a pipe each line has its machine', async () => {
	const lines = (await hostsLines(all, look)).trimEnd().split('\n');
	expect(lines).toContain('ssh://one: machine: done: machine is so');
	expect(lines).toContain('ssh://gone: problem: It did not answer in time.');
	expect(lines.filter(line => !/^ssh:\/\/(one|two|gone): /.test(line))).toEqual([]);
});

test('--quiet names what is open, and nothing else', () => {
	expect(hostsQuiet([host('ssh://one')])).toBe('');
	expect(hostsQuiet(all)).toBe(
		'ssh://two: boot: another kernel is running (6.12.1-arch1-1), and the Rust kernel waits for a reboot\nssh://gone: problem: It did not answer in time.\n'
	);
});

test('the document fits its schema', async () => {
	const document = await hostsDocument(all);
	expectToFit(schema('check-hosts'), JSON.parse(JSON.stringify(document)));
	expect(document).toMatchObject({hosts: [{exit: 0, next: null}, {exit: 4, next: 'boot'}, {exit: 3}]});
});
