import type {StepId, Trial, Verdict} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {practiseRemedy} from './practise.ts';
import {steps} from './steps.ts';
import {open} from './verdict.ts';

/** What is said of a guest that is gone: why, its last words, and where all its words are kept. */
export type GuestEnd = {readonly why: string; readonly lastWords: readonly string[]; readonly log?: string};

/**
 * What the steps are while no guest runs: what was true without one is still true, and the rest waits for it. `end`: how the one
 * before ended; undefined before the first. `trial`: what is tried there.
 */
export function withoutGuest(before: readonly Judged[], end: GuestEnd | undefined, trial: Trial): readonly Judged[] {
	return steps.map(({id, question}): Judged => {
		if (id === 'boot') return {id, question, verdict: guestVerdict(end, trial)};
		const known = before.find(one => one.id === id);
		return known?.verdict.status === 'done' && id !== 'load' ? known : {id, question, verdict: waiting(id)};
	});
}

const waiting = (id: StepId): Verdict =>
	open('blocked', `${id}.waits`, {summary: 'waits for boot', question: 'This waits for boot.', evidence: []});

function guestVerdict(end: GuestEnd | undefined, trial: Trial): Verdict {
	const again = practiseRemedy({
		id: 'practise',
		label: end === undefined ? 'Start the practice VM' : 'Start another practice VM',
		consequence:
			trial.installed === undefined
				? 'Minutes the first time, seconds afterwards. This system and its kernel stay as they are.'
				: `Seconds. The VM runs ${trial.installed}, in memory; the kernel that runs here stays as it is.`,
		why:
			trial.installed === undefined
				? 'runs a small Debian with a Rust kernel, which is made in your cache folder the first time'
				: 'runs this kernel in a virtual machine that is thrown away',
		...trial
	});
	if (end === undefined)
		return open('todo', 'boot.no-guest', {
			summary: 'the practice VM is not running',
			question: 'Practice mode runs your module in a virtual machine of its own, and that is not running. Start it?',
			evidence: [],
			remedies: [again]
		});
	return open('todo', 'boot.guest-lost', {
		summary: 'the practice VM is gone',
		question: `The practice VM is gone: ${end.why}. Nothing of this machine is touched by that. Start another?`,
		evidence: [
			...end.lastWords.slice(-6).map(value => ({label: 'said', value})),
			...(end.log === undefined ? [] : [{label: 'all it said', value: end.log}])
		],
		remedies: [again]
	});
}

/**
 * What the steps say in the practice machine, as it is meant there: an oops is mended by another guest, not by a reboot, and
 * nobody needs a way into the machine they are in.
 */
export function inGuest(judged: readonly Judged[], trial: Trial): readonly Judged[] {
	return judged.map(one => {
		const {verdict} = one;
		if (verdict.status === 'done') return one;
		if (verdict.reason === 'load.kernel-oopsed')
			return {
				...one,
				verdict: {
					...verdict,
					question:
						'The kernel of the practice VM oopsed (taint flag D): a bug hit it, memory may be damaged, and nothing more is loaded into it. Start another?',
					remedies: [
						practiseRemedy({
							id: 'practise',
							label: 'Start another practice VM',
							consequence: 'Seconds. This one is thrown away; the module’s files stay.',
							why: 'runs the same kernel anew',
							...trial
						})
					]
				}
			};
		const remedies = verdict.remedies.filter(({id}) => id !== 'practise' && id !== 'try-in-practice');
		return {...one, verdict: {...verdict, remedies}};
	});
}
