import {describe, expect, test} from 'vitest';
import {exitCode, nextStep} from '../../src/walk/inspect.ts';
import {inspectScene, type Scene, sceneNames, scenes} from '../support/scenes.ts';

describe('what the steps say of a system', () => {
	test.each(sceneNames)('%s', async name => {
		const scene: Scene = scenes[name];
		const judged = await inspectScene(scene);
		const says = judged.map(({id, verdict}) => [
			id,
			verdict.status === 'done' ? 'done' : verdict.reason.slice(id.length + 1)
		]);
		expect(Object.fromEntries(says)).toEqual(scene.says);
		expect(nextStep(judged)?.id ?? null).toBe(scene.next);
		expect(exitCode(judged)).toBe(scene.exit);
	});

	test.each(sceneNames)('%s: every open step says what to do or what it waits for', async name => {
		for (const {id, verdict} of await inspectScene(scenes[name])) {
			if (verdict.status === 'done') continue;
			expect(verdict.question, id).toMatch(/[.?]$/);
			expect(verdict.summary, id).not.toMatch(/[.?]$/);
			if (verdict.status === 'blocked' && verdict.reason.endsWith('.waits')) expect(verdict.remedies).toEqual([]);
			else if (id !== 'boot' || verdict.reason !== 'boot.release-unreadable')
				expect(verdict.remedies.length, `${id}: ${verdict.reason}`).toBeGreaterThan(0);
		}
	});
});
