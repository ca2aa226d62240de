import {describe, expect, test} from 'vitest';
import type {StepId} from '../../src/model/step.ts';
import type {Judged} from '../../src/model/walk.ts';
import {actionsOf} from '../../src/plain/plan-text.ts';
import {inGuest, withoutGuest} from '../../src/steps/practice-guest.ts';
import {tryInPractice} from '../../src/steps/practise.ts';
import {steps} from '../../src/steps/steps.ts';
import {done, open} from '../../src/steps/verdict.ts';
import {nextStep} from '../../src/walk/inspect.ts';

const all = (verdict: (id: StepId) => Judged['verdict']): readonly Judged[] =>
	steps.map(({id, question}) => ({id, question, verdict: verdict(id)}));
const allDone = all(id => done(`${id} is so`, []));
const end = {why: 'the guest’s kernel panicked: Kernel panic', lastWords: ['one', 'two']};
const verdictOf = (judged: readonly Judged[], id: StepId) => {
	const verdict = judged.find(one => one.id === id)?.verdict;
	if (verdict === undefined || verdict.status === 'done') throw new Error(`${id} is done, or not there`);
	return verdict;
};

describe('without a guest', () => {
	test('boot.no-guest: before the first, everything waits for it', () => {
		const judged = withoutGuest([], undefined, {});
		expect(judged.map(({id}) => id)).toEqual(steps.map(({id}) => id));
		expect(nextStep(judged)?.id).toBe('boot');
		expect(verdictOf(judged, 'boot').reason).toBe('boot.no-guest');
		expect(verdictOf(judged, 'load').reason).toBe('load.waits');
	});

	test('boot.guest-lost: why, its last words, and another one; what was done is still done, but for the load', () => {
		const judged = withoutGuest(allDone, end, {});
		const verdict = verdictOf(judged, 'boot');
		expect(verdict).toMatchObject({reason: 'boot.guest-lost', status: 'todo'});
		expect(verdict.question).toContain('The practice VM is gone: the guest’s kernel panicked: Kernel panic.');
		expect(verdict.evidence.map(({value}) => value)).toEqual(['one', 'two']);
		expect(judged.filter(one => one.verdict.status !== 'done').map(({id}) => id)).toEqual(['boot', 'load']);
	});

	test('another one has the module that is tried', async () => {
		const [remedy] = verdictOf(withoutGuest(allDone, end, {folder: '/home/me/numbers'}), 'boot').remedies;
		expect(remedy && (await actionsOf(remedy))).toMatchObject([{kind: 'practise', folder: '/home/me/numbers'}]);
	});

	test('another one runs the installed kernel that is tried, and makes nothing that would have to be taken away', async () => {
		const trial = {folder: '/home/me/numbers', installed: '7.2.12-arch1-1'};
		for (const ended of [undefined, end]) {
			const [remedy] = verdictOf(withoutGuest(allDone, ended, trial), 'boot').remedies;
			expect(remedy && (await actionsOf(remedy))).toMatchObject([
				{
					...trial,
					command: {
						argv: ['linux-rust-setup', 'load', '--on', 'practice', '--installed', trial.installed, trial.folder]
					}
				}
			]);
			expect(remedy?.consequence).toContain('The VM runs 7.2.12-arch1-1');
			expect(remedy?.undo).toBeUndefined();
		}
	});
});

describe('in the guest', () => {
	test('an oops is mended by another guest, not by a reboot', () => {
		const judged = inGuest(
			all(() =>
				open('blocked', 'load.kernel-oopsed', {summary: 'oopsed', question: 'reboot?', evidence: [], remedies: []})
			),
			{}
		);
		const verdict = verdictOf(judged, 'load');
		expect(verdict.remedies.map(({id}) => id)).toEqual(['practise']);
		expect(verdict.question).not.toContain('reboot');
	});

	test('the other guest runs the installed kernel that is tried', async () => {
		const oopsed = open('blocked', 'load.kernel-oopsed', {summary: '', question: '', evidence: []});
		const [remedy] = verdictOf(
			inGuest(
				all(() => oopsed),
				{installed: '7.2.12-arch1-1'}
			),
			'load'
		).remedies;
		expect(remedy && (await actionsOf(remedy))).toMatchObject([
			{command: {argv: ['linux-rust-setup', 'practice', '--installed', '7.2.12-arch1-1']}}
		]);
	});

	test('nobody is led into the machine they are in', () => {
		const judged = inGuest(
			all(id =>
				open('todo', `${id}.never`, {summary: '', question: '', evidence: [], remedies: [tryInPractice('x', '/x')]})
			),
			{}
		);
		expect(verdictOf(judged, 'load').remedies).toEqual([]);
	});
});
