import {describe, expect, it} from 'vitest';
import type {Action, Plan} from '../../src/model/step.ts';
import type {Judged, Outcome} from '../../src/model/walk.ts';
import {createWalk, type Walk} from '../../src/walk/walk.ts';
import {done, judged, nameQuestion, open, remedy, remember, write} from './steps.ts';

const quick = remedy('quick', [remember]);
const files = remedy('files', [write]);
const opened = [judged('kernel', open('kernel', 'todo', [quick, files]))];
const closed = [judged('kernel', done)];

/** Waits until the walk is at an activity of that kind. */
async function reach(walk: Walk, kind: string): Promise<void> {
	for (let turn = 0; turn < 100 && walk.state().activity.kind !== kind; turn++)
		await new Promise(resolve => setImmediate(resolve));
	expect(walk.state().activity.kind).toBe(kind);
}

/** Work that does nothing but count and end as it is told. */
function fakeWork(looks: readonly (readonly Judged[])[], outcome: () => Promise<Outcome> = async () => ({kind: 'ok'})) {
	const calls = {inspected: 0, performed: [] as (readonly Action[])[], signals: [] as AbortSignal[]};
	return {
		calls,
		inspect: async () => {
			const look = looks[Math.min(calls.inspected, looks.length - 1)] ?? [];
			calls.inspected += 1;
			return look;
		},
		perform: async (actions: readonly Action[], signal: AbortSignal) => {
			calls.performed.push(actions);
			calls.signals.push(signal);
			return outcome();
		}
	};
}

describe('createWalk, with fake work', () => {
	it('does nothing before it starts', async () => {
		const work = fakeWork([opened]);
		const walk = createWalk(work);
		await new Promise(resolve => setImmediate(resolve));
		expect(work.calls.inspected).toBe(0);
		expect(walk.state().activity).toEqual({kind: 'inspecting', run: 1});
	});

	it('inspects, plans, performs and inspects again', async () => {
		const work = fakeWork([opened, closed]);
		const walk = createWalk(work);
		const seen: string[] = [];
		walk.subscribe(() => seen.push(walk.state().activity.kind));
		walk.start();
		await reach(walk, 'deciding');
		walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
		await reach(walk, 'finished');
		expect(seen).toEqual(['deciding', 'planning', 'performing', 'inspecting', 'finished']);
		expect(work.calls).toMatchObject({inspected: 2, performed: [[remember]]});
	});

	it('performs once for two Enters', async () => {
		const work = fakeWork([opened, closed]);
		const walk = createWalk(work);
		walk.start();
		await reach(walk, 'deciding');
		walk.send({kind: 'chose', step: 'kernel', remedy: 'files'});
		walk.send({kind: 'chose', step: 'kernel', remedy: 'files'});
		await reach(walk, 'confirming');
		expect(work.calls.performed).toEqual([]);
		walk.send({kind: 'confirmed'});
		walk.send({kind: 'confirmed'});
		await reach(walk, 'finished');
		expect(work.calls.performed).toEqual([[write]]);
	});

	it('does each piece of work once where a listener answers at once', async () => {
		let plans = 0;
		const counted = {
			...quick,
			plan: (): Plan => {
				plans += 1;
				return {ok: true, actions: [remember]};
			}
		};
		const work = fakeWork([[judged('kernel', open('kernel', 'todo', [counted]))], closed]);
		const walk = createWalk(work);
		walk.subscribe(() => {
			if (walk.state().activity.kind === 'deciding') walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
		});
		walk.start();
		await reach(walk, 'finished');
		expect(plans).toBe(1);
		expect(work.calls.performed).toEqual([[remember]]);
		expect(work.calls.inspected).toBe(2);
	});

	it('tells no listener that has left, and none where nothing changed', async () => {
		const walk = createWalk(fakeWork([opened]));
		let told = 0;
		const leave = walk.subscribe(() => {
			told += 1;
		});
		walk.start();
		await reach(walk, 'deciding');
		expect(told).toBe(1);
		walk.send({kind: 'confirmed'});
		expect(told).toBe(1);
		leave();
		walk.send({kind: 'later', step: 'kernel'});
		expect(told).toBe(1);
	});

	it('makes a fault while performing a refusal that says what happened', async () => {
		const walk = createWalk(
			fakeWork([opened], async () => {
				throw new Error('disk on fire');
			})
		);
		walk.start();
		await reach(walk, 'deciding');
		walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
		await reach(walk, 'troubled');
		expect(walk.state().activity).toMatchObject({outcome: {kind: 'refused', why: 'disk on fire'}});
	});

	it.each([
		[
			'at once',
			() => {
				throw new Error('no such template');
			}
		],
		[
			'later',
			async () => {
				throw new Error('no such template');
			}
		]
	] as const)(
		'makes a fault while planning a refusal that says what happened, thrown %s',
		async (_name, plan: () => never | Promise<never>) => {
			const walk = createWalk(
				fakeWork([
					[
						judged(
							'module',
							open('module', 'todo', [
								{...quick, plan},
								{...quick, id: 'asks', plan, questions: [nameQuestion]}
							])
						)
					]
				])
			);
			walk.start();
			await reach(walk, 'deciding');
			walk.send({kind: 'chose', step: 'module', remedy: 'quick'});
			await reach(walk, 'troubled');
			expect(walk.state().activity).toMatchObject({outcome: {kind: 'refused', why: 'no such template'}});
			walk.send({kind: 'back'});
			await reach(walk, 'deciding');
			walk.send({kind: 'chose', step: 'module', remedy: 'asks'});
			walk.send({kind: 'answered', question: 'name', value: 'hello'});
			await reach(walk, 'asking');
			expect(walk.state().activity).toMatchObject({problem: 'no such template'});
		}
	);

	it('waits for a plan that takes its time, and forgets it after going back', async () => {
		let give: (plan: Plan) => void = () => {};
		const slow = {...quick, plan: () => new Promise<Plan>(resolve => (give = resolve))};
		const work = fakeWork([[judged('kernel', open('kernel', 'todo', [slow]))]]);
		const walk = createWalk(work);
		walk.start();
		await reach(walk, 'deciding');
		walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
		walk.send({kind: 'back'});
		give({ok: true, actions: [remember]});
		await new Promise(resolve => setImmediate(resolve));
		expect(walk.state().activity.kind).toBe('deciding');
		expect(work.calls.performed).toEqual([]);
	});
});

describe('cancel, with fake work', () => {
	const cancellable = (work: {calls: {signals: AbortSignal[]}}) =>
		new Promise<Outcome>(resolve => {
			const {signals} = work.calls;
			signals.at(-1)?.addEventListener('abort', () => resolve({kind: 'cancelled'}));
		});

	it('stops what is performed, once', async () => {
		const work: ReturnType<typeof fakeWork> = fakeWork([opened], () => cancellable(work));
		const walk = createWalk(work);
		expect(walk.cancel()).toBe(false);
		walk.start();
		await reach(walk, 'deciding');
		expect(walk.cancel()).toBe(false);
		walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
		await reach(walk, 'performing');
		expect(walk.cancel()).toBe(true);
		expect(walk.cancel()).toBe(false);
		await reach(walk, 'troubled');
		expect(walk.state().activity).toMatchObject({outcome: {kind: 'cancelled'}});
		expect(walk.cancel()).toBe(false);
	});

	it('leaves the next run alone', async () => {
		const work: ReturnType<typeof fakeWork> = fakeWork([opened], () => cancellable(work));
		const walk = createWalk(work);
		walk.start();
		await reach(walk, 'deciding');
		for (let round = 0; round < 2; round++) {
			walk.send({kind: 'chose', step: 'kernel', remedy: 'quick'});
			await reach(walk, 'performing');
			expect(work.calls.signals.at(-1)?.aborted).toBe(false);
			expect(walk.cancel()).toBe(true);
			await reach(walk, 'troubled');
			walk.send({kind: 'back'});
			await reach(walk, 'deciding');
		}
		expect(work.calls.signals).toHaveLength(2);
	});
});
