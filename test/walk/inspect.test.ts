import {describe, expect, it} from 'vitest';
import type {Step, StepId, Verdict} from '../../src/model/step.ts';
import {exitCode, inspectAll, isWaiting, nextStep} from '../../src/walk/inspect.ts';
import {done, judged, open, remedy, remember} from './steps.ts';

const step = (id: StepId, needs: readonly StepId[], verdict: Verdict | (() => Verdict)): Step<{seen: StepId[]}> => ({
	id,
	question: `Is ${id} so?`,
	needs,
	async inspect(view) {
		view.seen.push(id);
		return typeof verdict === 'function' ? verdict() : verdict;
	}
});

const inspect = (steps: readonly Step<{seen: StepId[]}>[]) => inspectAll(steps, {seen: []});

describe('inspectAll', () => {
	it('gives every step its verdict, in the order of the steps, with one view', async () => {
		const view = {seen: [] as StepId[]};
		const all = await inspectAll(
			[step('machine', [], done), step('kernel', ['machine'], open('kernel')), step('boot', [], done)],
			view
		);
		expect(all.map(one => [one.id, one.question, one.verdict.status])).toEqual([
			['machine', 'Is machine so?', 'done'],
			['kernel', 'Is kernel so?', 'todo'],
			['boot', 'Is boot so?', 'done']
		]);
		expect(view.seen).toEqual(['machine', 'kernel', 'boot']);
	});

	it('lets a step wait for one that is not done, its own word kept as evidence', async () => {
		const [, boot] = await inspect([
			step('kernel', [], open('kernel')),
			step('boot', ['kernel'], {
				...open('boot', 'todo', [remedy('reboot', [])]),
				evidence: [{label: 'running', value: '6.1'}]
			})
		]);
		expect(boot?.verdict).toEqual({
			status: 'blocked',
			reason: 'boot.waits',
			summary: 'waits for kernel',
			question: 'This waits for kernel.',
			evidence: [
				{label: 'so far', value: 'boot is not so'},
				{label: 'running', value: '6.1'}
			],
			remedies: []
		});
	});

	it('lets steps wait in a row, each for the first thing it needs', async () => {
		const all = await inspect([
			step('machine', [], done),
			step('kernel', ['machine'], open('kernel')),
			step('boot', ['machine', 'kernel'], open('boot')),
			step('load', ['boot', 'kernel'], open('load'))
		]);
		expect(all.map(one => one.verdict.summary)).toEqual([
			'is so',
			'kernel is not so',
			'waits for kernel',
			'waits for boot'
		]);
	});

	it('lets what is done be done, whatever it needs', async () => {
		const [, boot] = await inspect([step('kernel', [], open('kernel')), step('boot', ['kernel'], done)]);
		expect(boot?.verdict).toEqual(done);
	});

	it('leaves a step blocked by something else that can be mended', async () => {
		const mend = remedy('reboot', []);
		const [, load] = await inspect([
			step('build', [], open('build')),
			step('load', ['build'], open('load', 'blocked', [mend], 'kernel-oopsed'))
		]);
		expect(load?.verdict).toMatchObject({reason: 'load.kernel-oopsed', remedies: [{id: 'reboot'}]});
	});

	it('does not wait for a step that is not looked at', async () => {
		const [build] = await inspect([step('build', ['module', 'toolchain'], open('build'))]);
		expect(build?.verdict).toMatchObject({status: 'todo'});
	});

	it('makes a step that throws unknown, and goes on', async () => {
		const [machine, kernel] = await inspect([
			step('machine', [], () => {
				throw new Error('bad \u001b[31mthing\u0007');
			}),
			step('kernel', [], done)
		]);
		expect(machine?.verdict).toMatchObject({
			status: 'unknown',
			reason: 'machine.failed',
			question: expect.stringContaining('bad thing\\x07')
		});
		expect(kernel?.verdict).toEqual(done);
	});

	it('makes all text safe that came from outside', async () => {
		const evil = 'a\u001b]0;title\u0007\u202e\nb';
		const safe = 'a\\u{202e} b';
		const evidence = [{label: evil, value: evil, source: evil}];
		const safeEvidence = [{label: safe, value: safe, source: safe}];
		const [first, second] = await inspect([
			step('machine', [], {status: 'done', summary: evil, evidence}),
			step('kernel', [], {
				status: 'todo',
				reason: 'kernel.none',
				summary: evil,
				question: evil,
				evidence,
				remedies: [{...remedy('x', [remember]), label: evil, consequence: evil, answer: evil, undo: evil}]
			})
		]);
		expect(first?.verdict).toEqual({status: 'done', summary: safe, evidence: safeEvidence});
		expect(second?.verdict).toMatchObject({
			summary: safe,
			question: safe,
			evidence: safeEvidence,
			remedies: [{label: safe, consequence: safe, answer: safe, undo: safe}]
		});
	});
});

describe('nextStep', () => {
	const waits = (id: StepId) => judged(id, open(id, 'blocked', [], 'waits'));

	it('is the first step that is not done and waits for nothing', () => {
		const all = [
			judged('machine', done),
			waits('boot'),
			judged('toolchain', open('toolchain')),
			judged('module', open('module'))
		];
		expect(nextStep(all)?.id).toBe('toolchain');
		expect(all.map(isWaiting)).toEqual([false, true, false, false]);
	});

	it('is none once all is done', () => {
		expect(nextStep([judged('machine', done), judged('kernel', done)])).toBeUndefined();
		expect(nextStep([])).toBeUndefined();
	});

	it('passes over what was left for later, and then what only waits for it', () => {
		const all = [judged('kernel', open('kernel')), waits('boot'), judged('module', open('module'))];
		expect(nextStep(all, new Set<StepId>(['kernel']))?.id).toBe('module');
		expect(nextStep(all, new Set<StepId>(['kernel', 'module']))).toBeUndefined();
	});

	it('is a waiting step where nothing else is open, so that no one is told that all is done', () => {
		expect(nextStep([judged('machine', done), waits('boot')])?.id).toBe('boot');
	});
});

describe('exitCode', () => {
	it.each([
		['0 once all is done', [judged('machine', done)], 0],
		['1 where something is open', [judged('machine', done), judged('kernel', open('kernel'))], 1],
		['1 where something is unknown', [judged('kernel', open('kernel', 'unknown'))], 1],
		[
			'4 where another kernel runs',
			[judged('module', open('module')), judged('boot', open('boot', 'todo', [], 'other-running'))],
			4
		],
		['4 where the running kernel was updated', [judged('boot', open('boot', 'stale', [], 'updated'))], 4],
		['1 where boot is open for another reason', [judged('boot', open('boot', 'blocked', [], 'waits'))], 1]
	] as const)('is %s', (_name, all, code) => {
		expect(exitCode(all)).toBe(code);
	});
});
