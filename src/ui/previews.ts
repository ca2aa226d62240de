import {useEffect, useState} from 'react';
import type {PreviewedCommand} from '../../components/CommandPreview.tsx';
import type {Action, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {actionsOf} from '../plain/plan-text.ts';
import {previewOf} from './decision.ts';

/** What each choice would do. A choice is made anew by each look at the machine, and is forgotten with it. */
const planned = new WeakMap<Remedy, readonly Action[]>();

async function plan(remedies: readonly Remedy[]): Promise<void> {
	await Promise.all(remedies.map(async remedy => planned.set(remedy, (await actionsOf(remedy)) ?? [])));
}

/**
 * Plans the choices of the decision that comes next, which reads files at most: a screen whose commands come a moment later is
 * drawn twice, and its rows move.
 */
export async function planAhead(judged: readonly Judged[]): Promise<readonly Judged[]> {
	const next = judged.find(({verdict}) => verdict.status !== 'done')?.verdict;
	if (next !== undefined && next.status !== 'done') await plan(next.remedies);
	return judged;
}

/** The commands of every choice, by the choice's id. */
export function usePreviews(
	remedies: readonly Remedy[],
	asRoot: boolean
): ReadonlyMap<string, readonly PreviewedCommand[]> {
	const [, setCount] = useState(0);
	useEffect(() => {
		if (remedies.every(remedy => planned.has(remedy))) return;
		let isCurrent = true;
		void plan(remedies).then(() => {
			if (isCurrent) setCount(count => count + 1);
		});
		return () => {
			isCurrent = false;
		};
	}, [remedies]);
	return new Map(remedies.map(remedy => [remedy.id, previewOf(planned.get(remedy) ?? [], asRoot)]));
}
