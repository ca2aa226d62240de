import {describe, expect, test} from 'vitest';
import type {Since} from '../../src/model/facts.ts';
import type {Judged} from '../../src/model/walk.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, bootDecision, open, openApp, remedy, run, waits} from './fake-walk.tsx';

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd());

const since: Since = {
	at: new Date(Date.now() - 1000).toISOString(),
	changes: [
		{
			fact: 'kernel',
			before: 'linux-rust 7.2.12-arch1-1-rust',
			after: 'linux-rust 7.2.13-arch1-1-rust',
			note: 'running',
			stale: ['build', 'load']
		},
		{
			fact: 'module numbers',
			before: 'built for 7.2.12-arch1-1-rust',
			after: undefined,
			note: '/home/me/numbers',
			stale: ['build', 'load']
		}
	]
};

const rebuild = remedy(
	'rebuild',
	'Build numbers again',
	[run('make -C /lib/modules/7.2.13-arch1-1-rust/build M=/home/me/numbers modules', 'builds the module', 'user')],
	{mends: true}
);
const select = remedy('select', 'Use rustc 1.97.1', [], {mends: true});
const stale = (id: 'build' | 'toolchain', cure = rebuild): Judged =>
	open(id, {
		reason: `${id}.other`,
		summary: `${id} is stale`,
		question: `${id} is stale. Mend it?`,
		evidence: [],
		remedies: [cure]
	});
const replaced = (...others: readonly Judged[]): readonly Judged[] =>
	afterBoot.map(one => others.find(other => other.id === one.id) ?? one);
const buildStale = replaced(stale('build'), waits('load', 'build'));

async function changed(given: Partial<Parameters<typeof openApp>[0]> = {}) {
	const app = openApp({looks: [buildStale], since, ...given});
	await app.settle();
	return app;
}

describe('what changed, before the first decision', () => {
	test('80x24', async () => {
		const app = await changed();
		expect(rowsOf(app.screen()).map(row => row.replace(/\(.*, today\)/, '(12 Nov, today)'))).toEqual([
			'Since you were last green (12 Nov, today):',
			'   kernel          linux-rust 7.2.12-arch1-1-rust → linux-rust',
			'                   7.2.13-arch1-1-rust   running',
			'   module numbers  built for 7.2.12-arch1-1-rust → not there any more',
			'                   /home/me/numbers',
			'   to mend         in this order: build, load',
			'',
			' m Build numbers again',
			'   make -C /lib/modules/7.2.13-arch1-1-rust/build M=/home/me/numbers modules',
			'   why: builds the module',
			'',
			' m mend it  Enter go on  ? help  q quit'
		]);
		app.app.unmount();
	});

	test('40x12: what does not fit is scrolled to, and what m runs stays in sight', async () => {
		const app = await changed({columns: 40, rows: 12});
		const rows = rowsOf(app.screen());
		expect(rows.length).toBeLessThanOrEqual(11);
		expect(rows.join('\n')).toContain(' m Build numbers again\n make -C');
		expect(rows.at(-1)).toMatch(/ m .*q/);
		expect(rows.join('\n')).toMatch(/lines 1 to \d+ of \d+/);
		await app.press('\u001b[F');
		expect(app.screen()).toContain('to mend');
		app.app.unmount();
	});

	test('200x50 takes no more rows than it has facts', async () => {
		const app = await changed({columns: 200, rows: 50});
		expect(rowsOf(app.screen())).toHaveLength(10);
		app.app.unmount();
	});

	test('in ASCII', async () => {
		const app = await changed({ascii: true});
		expect(app.screen()).toMatch(/^[\u0000-\u007f]*$/);
		expect(app.screen()).toContain('7.2.12-arch1-1-rust -> linux-rust');
		app.app.unmount();
	});

	test('Enter goes on to the decision; it is not said again', async () => {
		const app = await changed();
		await app.press(keys.enter);
		expect(app.screen()).toContain('build is stale. Mend it?');
		expect(app.runs).toEqual([]);
		app.walk.send({kind: 'again'});
		await app.settle();
		expect(app.screen()).toContain('build is stale. Mend it?');
		app.app.unmount();
	});

	test('nothing is offered where nothing can be mended yet', async () => {
		const app = await changed({looks: [bootDecision]});
		expect(rowsOf(app.screen()).at(-1)).toBe(' Enter go on  ? help  q quit');
		await app.press('m');
		expect(app.runs).toEqual([]);
		expect(app.screen()).toContain('Since you were last green');
		app.app.unmount();
	});
});

describe('m', () => {
	test('mends one step after the other, each once, and then the walk goes on', async () => {
		const both = replaced(stale('toolchain', select), stale('build'), waits('load', 'build'));
		const app = await changed({looks: [both, buildStale, buildStale]});
		await app.press('m');
		expect(app.runs).toHaveLength(1);
		await app.finish({kind: 'ok'});
		expect(app.runs).toHaveLength(2);
		expect(app.runs[1]?.actions).toMatchObject([{kind: 'run', title: expect.stringContaining('make -C')}]);
		// what is still stale after its remedy is a decision again, not another try
		await app.finish({kind: 'ok'});
		expect(app.runs).toHaveLength(2);
		expect(app.screen()).toContain('build is stale. Mend it?');
		app.app.unmount();
	});

	test('stops where a remedy fails, with the cause', async () => {
		const both = replaced(stale('toolchain', select), stale('build'), waits('load', 'build'));
		const app = await changed({looks: [both]});
		await app.press('m');
		await app.finish({kind: 'cancelled'});
		expect(app.walk.state()).toMatchObject({activity: {kind: 'troubled'}});
		expect(app.walk.state().mending).toBeUndefined();
		expect(app.runs).toHaveLength(1);
		app.app.unmount();
	});
});
