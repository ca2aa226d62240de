import {describe, expect, it} from 'vitest';
import type {Action, Plan, StepId} from '../../src/model/step.ts';
import type {Judged, Outcome} from '../../src/model/walk.ts';
import {type Activity, initialState, reduce, unanswered, type WalkEvent, type WalkState} from '../../src/walk/state.ts';
import {randomNumbers} from '../scaffold/random.ts';
import {authorQuestion, byYou, done, judged, nameQuestion, open, remedy, remember, write} from './steps.ts';

const quick = remedy('quick', [remember]);
const files = remedy('files', [write, remember]);
const asks = remedy('asks', [write], [nameQuestion, authorQuestion]);
const yours = remedy('yours', [byYou]);

const kernel = judged('kernel', open('kernel', 'todo', [quick, files, asks, yours]));
const modules = judged('module', open('module', 'todo', [quick]));
const all: readonly Judged[] = [
	judged('machine', done),
	kernel,
	judged('boot', open('boot', 'blocked', [], 'waits')),
	modules
];

const walked = (events: readonly WalkEvent[], from: WalkState = initialState): WalkState => events.reduce(reduce, from);

const inspected = (run: number, what: readonly Judged[] = all): WalkEvent => ({kind: 'inspected', run, judged: what});
const chose = (id: string, step: StepId = 'kernel'): WalkEvent => ({kind: 'chose', step, remedy: id});
const answered = (question: string, value: string): WalkEvent => ({kind: 'answered', question, value});
const planned = (run: number, actions: readonly Action[]): WalkEvent => ({
	kind: 'planned',
	run,
	plan: {ok: true, actions}
});
const noPlan = (run: number): WalkEvent => ({
	kind: 'planned',
	run,
	plan: {ok: false, why: 'The folder is in the way.'}
});
const performed = (run: number, outcome: Outcome = {kind: 'ok'}): WalkEvent => ({kind: 'performed', run, outcome});

const deciding = walked([inspected(1)]);
const states = {
	inspecting: initialState,
	deciding,
	asking: walked([chose('asks')], deciding),
	planning: walked([chose('quick')], deciding),
	confirming: walked([chose('files'), planned(2, [write, remember])], deciding),
	performing: walked([chose('quick'), planned(2, [remember])], deciding),
	troubled: walked([chose('quick'), planned(2, [remember]), performed(3, {kind: 'cancelled'})], deciding),
	finished: walked([inspected(1, [judged('machine', done)])])
} as const;

describe('a run that the user did not agree to', () => {
	it('leads back to its decision, and nothing is looked at again', () => {
		const state = walked([performed(3, {kind: 'declined'})], states.performing);
		expect(state.activity).toEqual({kind: 'deciding', step: kernel});
		expect(state.run).toBe(states.performing.run);
	});
});

describe('another machine', () => {
	const practise = {
		kind: 'practise',
		command: {argv: ['x'], as: 'user', terminal: 'captured', interrupt: 'group', why: 'x'}
	} as const;
	const leftBefore = walked(
		[
			{kind: 'later', step: 'kernel'},
			{kind: 'revisit', step: 'module'}
		],
		deciding
	);

	it('is looked at anew when it was entered, and nothing is left for later there', () => {
		const entered = walked([chose('quick', 'module'), planned(2, [practise]), performed(3)], leftBefore);
		expect(leftBefore.left.size).toBe(1);
		expect(entered).toMatchObject({activity: {kind: 'inspecting'}, left: new Set()});
	});

	it('and when it was left again', () => {
		expect(walked([{kind: 'moved'}], leftBefore)).toMatchObject({activity: {kind: 'inspecting'}, left: new Set()});
		expect(walked([{kind: 'moved'}], states.performing)).toBe(states.performing);
	});
});

describe('the states of a walk', () => {
	it.each(Object.entries(states))('are reached: %s', (kind, state) => {
		expect(state.activity.kind).toBe(kind);
	});

	it('begin with an inspection', () => {
		expect(initialState).toEqual({run: 1, judged: [], activity: {kind: 'inspecting', run: 1}, left: new Set()});
	});
});

describe('each event', () => {
	type Kind = Activity['kind'];
	const nowhere: Readonly<Partial<Record<Kind, Kind>>> = {};
	const again: Readonly<Partial<Record<Kind, Kind>>> = {
		inspecting: 'inspecting',
		deciding: 'inspecting',
		asking: 'inspecting',
		planning: 'inspecting',
		confirming: 'inspecting',
		troubled: 'inspecting',
		finished: 'inspecting'
	};
	/** For each event: what it makes of which activity. Every other activity stays the very same. */
	const table: readonly (readonly [string, WalkEvent, Readonly<Partial<Record<Kind, Kind>>>])[] = [
		['inspected', inspected(1), {inspecting: 'deciding'}],
		['inspected, all done', inspected(1, [judged('machine', done)]), {inspecting: 'finished'}],
		['inspected, of another run', inspected(7), nowhere],
		['chose what asks nothing', chose('quick'), {deciding: 'planning'}],
		['chose what asks', chose('asks'), {deciding: 'asking'}],
		['chose what is not offered', chose('nothing'), nowhere],
		['chose for another step', chose('quick', 'module'), nowhere],
		['answered', answered('name', 'hello'), {asking: 'asking'}],
		['answered badly', answered('name', ''), {asking: 'asking'}],
		['answered what was not asked', answered('colour', 'red'), nowhere],
		['planned', planned(2, [remember]), {planning: 'performing'}],
		['planned, with files', planned(2, [write]), {planning: 'confirming'}],
		['planned, for the user', planned(2, [byYou]), {planning: 'confirming'}],
		['planned, in vain', noPlan(2), {planning: 'troubled'}],
		['planned, of another run', planned(1, [remember]), nowhere],
		['confirmed', {kind: 'confirmed'}, {confirming: 'performing'}],
		['performed', performed(3), {performing: 'inspecting'}],
		['performed, in vain', performed(3, {kind: 'refused', why: 'no root'}), {performing: 'troubled'}],
		['performed, of another run', performed(2), nowhere],
		['later', {kind: 'later', step: 'kernel'}, {deciding: 'deciding'}],
		['later, of another step', {kind: 'later', step: 'module'}, nowhere],
		['revisit', {kind: 'revisit', step: 'module'}, {deciding: 'deciding'}],
		['revisit of what is no step here', {kind: 'revisit', step: 'load'}, nowhere],
		['revisit after the end', {kind: 'revisit', step: 'machine'}, {deciding: 'deciding', finished: 'deciding'}],
		[
			'back',
			{kind: 'back'},
			{asking: 'deciding', planning: 'deciding', confirming: 'deciding', troubled: 'inspecting'}
		],
		['again', {kind: 'again'}, again]
	];

	it.each(table)('%s', (_name, event, leads) => {
		for (const [kind, state] of Object.entries(states)) {
			const next = reduce(state, event);
			const to = leads[kind as Kind];
			if (to === undefined) expect(next, kind).toBe(state);
			else {
				expect(next.activity.kind, kind).toBe(to);
				expect(next, kind).not.toBe(state);
			}
		}
	});
});

describe('a walk', () => {
	it('decides on the first step that waits for nothing', () => {
		expect(deciding).toMatchObject({judged: all, activity: {kind: 'deciding', step: {id: 'kernel'}}});
	});

	it('asks one question after the other, and plans with the answers', () => {
		const one = walked([answered('name', 'hello')], states.asking);
		expect(one.activity).toMatchObject({kind: 'asking', answers: {name: 'hello'}});
		const both = walked([answered('author', '')], one);
		expect(both.activity).toMatchObject({kind: 'planning', run: 2, answers: {name: 'hello', author: ''}});
	});

	it('says what is wrong with an answer until a good one comes', () => {
		const bad = walked([answered('name', '')], states.asking);
		expect(bad.activity).toMatchObject({kind: 'asking', answers: {}, problem: 'A module needs a name.'});
		expect(walked([answered('name', 'x')], bad).activity).not.toHaveProperty('problem');
	});

	it('asks anew where no plan could be made of the answers, and says why', () => {
		const planning = walked([answered('name', 'x'), answered('author', 'y')], states.asking);
		expect(walked([noPlan(2)], planning).activity).toMatchObject({
			kind: 'asking',
			problem: 'The folder is in the way.'
		});
	});

	it('says why where no plan could be made and nothing was asked', () => {
		expect(walked([noPlan(2)], states.planning).activity).toMatchObject({
			kind: 'troubled',
			outcome: {kind: 'refused', why: 'The folder is in the way.'}
		});
	});

	it('starts one run for two Enters', () => {
		const twice = walked([chose('quick'), chose('quick')], deciding);
		expect(twice.activity).toMatchObject({kind: 'planning', run: 2});
		expect(twice.run).toBe(2);
		const confirmedTwice = walked([{kind: 'confirmed'}, {kind: 'confirmed'}], states.confirming);
		expect(confirmedTwice.activity).toMatchObject({kind: 'performing', run: 3});
		expect(confirmedTwice.run).toBe(3);
	});

	it('looks again once the user has done what only they can do', () => {
		const shown = walked([chose('yours'), planned(2, [byYou])], deciding);
		expect(walked([{kind: 'confirmed'}], shown).activity).toEqual({kind: 'inspecting', run: 3});
	});

	it('performs the rest where the user does only a part', () => {
		const shown = walked([chose('yours'), planned(2, [remember, byYou])], deciding);
		expect(walked([{kind: 'confirmed'}], shown).activity).toMatchObject({
			kind: 'performing',
			actions: [remember, byYou]
		});
	});

	it('ignores a plan that comes after going back', () => {
		const back = walked([chose('quick'), {kind: 'back'}, planned(2, [remember])], deciding);
		expect(back.activity.kind).toBe('deciding');
		const chosenAgain = walked([chose('quick'), planned(2, [remember])], back);
		expect(chosenAgain.activity.kind).toBe('planning');
		expect(walked([planned(chosenAgain.run, [remember])], chosenAgain).activity.kind).toBe('performing');
	});

	it('ignores an inspection that was overtaken', () => {
		const twice = walked([{kind: 'again'}, inspected(1)], initialState);
		expect(twice.activity).toEqual({kind: 'inspecting', run: 2});
		expect(walked([inspected(2)], twice).activity.kind).toBe('deciding');
	});

	it('inspects after it performed, and shows what went wrong', () => {
		expect(walked([performed(3)], states.performing).activity).toEqual({kind: 'inspecting', run: 4});
		expect(states.troubled.activity).toMatchObject({
			step: {id: 'kernel'},
			remedy: {id: 'quick'},
			outcome: {kind: 'cancelled'}
		});
	});

	it('goes to the next step where one is left for later, and ends where all others are', () => {
		const later = walked([{kind: 'later', step: 'kernel'}], deciding);
		expect(later).toMatchObject({left: new Set(['kernel']), activity: {step: {id: 'module'}}});
		const end = walked([{kind: 'later', step: 'module'}], later);
		expect(end).toMatchObject({left: new Set(['kernel', 'module']), activity: {kind: 'finished'}});
		expect(walked([{kind: 'revisit', step: 'kernel'}], end)).toMatchObject({
			left: new Set(['module']),
			activity: {step: {id: 'kernel'}}
		});
	});

	it('does not come back to what was left for later after an inspection', () => {
		const later = walked([{kind: 'later', step: 'kernel'}, {kind: 'again'}, inspected(2)], deciding);
		expect(later.activity).toMatchObject({kind: 'deciding', step: {id: 'module'}});
	});

	it('changes nothing that it was given', () => {
		const before = structuredClone({run: deciding.run, left: deciding.left});
		walked([{kind: 'later', step: 'kernel'}, {kind: 'again'}], deciding);
		expect({run: deciding.run, left: deciding.left}).toEqual(before);
	});
});

describe('unanswered', () => {
	it('is the first question without an answer; an empty one is an answer', () => {
		expect(unanswered(asks, {})).toBe(nameQuestion);
		expect(unanswered(asks, {name: ''})).toBe(authorQuestion);
		expect(unanswered(asks, {name: '', author: ''})).toBeUndefined();
	});
});

describe('any events in any order', () => {
	const plans: readonly Plan[] = [
		{ok: true, actions: [remember]},
		{ok: true, actions: [write]},
		{ok: true, actions: [byYou]},
		{ok: true, actions: []},
		{ok: false, why: 'no'}
	];
	const outcomes: readonly Outcome[] = [
		{kind: 'ok'},
		{kind: 'cancelled'},
		{kind: 'refused', why: 'no'},
		{kind: 'failed', trouble: {title: 'x', failures: [], tail: [], lines: 0}}
	];
	const ids: readonly StepId[] = ['machine', 'kernel', 'boot', 'module', 'load'];

	it('never throw, never turn a run number back, and perform each run once', () => {
		const random = randomNumbers(1);
		const one = <T>(list: readonly T[]): T => list[random(list.length)] as T;
		const eventFor = (state: WalkState): WalkEvent => {
			// most of the time the run that is awaited, else an older or a later one
			const run = random(4) > 0 ? state.run : Math.max(0, state.run + random(4) - 2);
			return one<WalkEvent>([
				inspected(run, one([all, [judged('machine', done)], []])),
				chose(one(['quick', 'files', 'asks', 'yours', 'nothing']), one(ids)),
				chose(
					one(['quick', 'files', 'asks', 'yours']),
					state.activity.kind === 'deciding' ? state.activity.step.id : 'kernel'
				),
				answered(one(['name', 'author', 'colour']), one(['', 'hello'])),
				{kind: 'planned', run, plan: one(plans)},
				{kind: 'confirmed'},
				performed(run, one(outcomes)),
				{kind: 'later', step: one(ids)},
				{kind: 'revisit', step: one(ids)},
				{kind: 'back'},
				{kind: 'again'},
				{kind: 'mend'}
			]);
		};
		const reached = new Set<string>();
		for (let walk = 0; walk < 300; walk++) {
			let state = initialState;
			const performedRuns = new Set<number>();
			const usedRuns = new Set<number>([1]);
			for (let step = 0; step < 100; step++) {
				const event = eventFor(state);
				const next = reduce(state, event);
				const context = JSON.stringify([state.activity.kind, event.kind, next.activity.kind]);
				expect(next.run, context).toBeGreaterThanOrEqual(state.run);
				reached.add(next.activity.kind);
				if (next.activity !== state.activity && 'run' in next.activity) {
					// a new piece of work has a number that no piece of work had before, and it is the state's own
					expect(usedRuns.has(next.activity.run), context).toBe(false);
					expect(next.activity.run, context).toBe(next.run);
					usedRuns.add(next.activity.run);
				}
				if (next.activity.kind === 'performing' && state.activity.kind !== 'performing') {
					expect(performedRuns.has(next.activity.run), context).toBe(false);
					performedRuns.add(next.activity.run);
				}
				// what is being performed is ended by its own outcome alone
				if (state.activity.kind === 'performing' && next.activity.kind !== 'performing')
					expect(event.kind, context).toBe('performed');
				state = next;
			}
		}
		expect([...reached].sort()).toEqual(Object.keys(states).sort());
	});
});
