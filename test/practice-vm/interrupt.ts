import {expect, test} from 'vitest';
import {type Phase, phases} from '../practice/phases.ts';
import {codeOf, expectNothingLeft, type Place, start} from './practice.ts';

/** The title as it stands among other lines. */
const announced = ({title}: Phase): RegExp => new RegExp(title.source, 'm');

/**
 * Interrupts each phase that begins with `from`, in their order: with kill -9, then with Ctrl-C. Each start goes on from what the one
 * before left, or it would not come to the same phase again, and to the next. `before` is put in front of the program.
 */
export function interruptEach(at: Place, from: Phase['from'], before: (phase: Phase) => readonly string[] = () => []) {
	const cases = phases
		.filter(phase => phase.from === from)
		.flatMap(phase => [
			{phase, name: phase.title.source, signal: 'SIGKILL' as const},
			{phase, name: phase.title.source, signal: 'SIGINT' as const}
		]);
	test.each(cases)('$signal in the phase $name', async ({phase, signal}) => {
		const started = start(['practice', '--yes'], {at, before: before(phase)});
		await started.says(announced(phase));
		if (phase.amid !== undefined) await started.says(phase.amid);
		started.child.kill(signal);
		expect((await started.ended).code).toBe(codeOf[signal]);
		await expectNothingLeft(at);
	});
}
