import {appendFileSync} from 'node:fs';
import type {Stage} from '../../../src/actions/stage.ts';
import type {Options} from '../../../src/commands/options.ts';
import {createLocalReader} from '../../../src/machine/reader.ts';
import {createLocalRunner} from '../../../src/machine/runner.ts';
import type {Command} from '../../../src/model/command.ts';
import type {Judged, Outcome} from '../../../src/model/walk.ts';
import {practise, tryInPractice, tryKernel} from '../../../src/steps/practise.ts';
import {steps} from '../../../src/steps/steps.ts';
import {done, open, remedy} from '../../../src/steps/verdict.ts';
import type {Door, Inside, Walked} from '../../../src/ui/door.ts';
import {startWizard} from '../../../src/ui/start.tsx';

// The wizard over a machine without a Rust kernel, with a practice machine of paper behind the door: what it is asked to do is
// written into the file argv[2]; argv[3] says how going in ends.
const [, , notes = '', how = 'well'] = process.argv;
const note = (text: string): void => appendFileSync(notes, `${text}\n`);
const reader = createLocalReader();

const command = (argv: Command['argv'], as: Command['as'] = 'user'): Command => ({
	argv,
	as,
	terminal: 'captured',
	interrupt: 'group',
	why: 'is part of a test'
});

const judgedWith = (id: Judged['id'], verdict: Judged['verdict']): readonly Judged[] =>
	steps.map(step => ({
		id: step.id,
		question: step.question,
		verdict: step.id === id ? verdict : done(`${step.id} is so`, [])
	}));

let isBuilt = false;

const session = (inspect: () => readonly Judged[]): Walked => ({
	reader,
	notices: [],
	welcome: async () => undefined,
	since: async () => undefined,
	inspect: async () => inspect(),
	async remember() {
		isBuilt = true;
		return undefined;
	},
	runner: async () => createLocalRunner(reader)
});

const inTheGuest = session(() =>
	isBuilt
		? judgedWith('load', done('numbers was loaded', []))
		: judgedWith(
				'build',
				open('todo', 'build.never', {
					summary: 'numbers is not built',
					question: 'Build it in the practice machine?',
					evidence: [],
					remedies: [
						remedy({
							id: 'build',
							label: 'Build numbers',
							actions: [
								{kind: 'run', title: 'building', stage: 'build', command: command(['true'])},
								{kind: 'remember', memo: {kind: 'module', folder: '/home/me/numbers', name: 'numbers'}}
							]
						})
					]
				})
			)
);

const arch = '7.2.12-arch1-1';
const installed = {release: arch, missing: []};
const folder = '/home/me/numbers';

/** What is open on this machine, and what of it leads into the practice machine. */
const decisions = {
	kernel: {step: 'kernel', reason: 'kernel.rust-off', remedies: [practise]},
	tries: {
		step: 'load',
		reason: 'load.never',
		remedies: [remedy({id: 'load', label: 'Load numbers', actions: []}), tryInPractice('numbers', folder)]
	},
	'tries-here': {
		step: 'load',
		reason: 'load.never',
		remedies: [remedy({id: 'load', label: 'Load numbers', actions: []}), tryInPractice('numbers', folder, installed)]
	},
	boots: {
		step: 'boot',
		reason: 'boot.other-running',
		remedies: [remedy({id: 'reboot', label: 'Reboot', actions: []}), tryKernel(installed)]
	}
} as const;
const {step, reason, remedies} = decisions[how in decisions ? (how as keyof typeof decisions) : 'kernel'];

const home = session(() =>
	judgedWith(
		step,
		open('todo', reason, {
			summary: 'this machine has something open',
			question: 'What shall be done on this machine?',
			evidence: [],
			remedies
		})
	)
);

let inside: Inside | undefined;

/** What making the practice machine looks like, in two seconds. */
async function prepare({emit, signal}: Stage): Promise<Outcome> {
	emit({kind: 'phase', text: 'making a small Debian'});
	emit({kind: 'log', file: '/home/me/.local/state/debootstrap.log'});
	for (let line = 1; line <= 20; line++) {
		if (signal.aborted) return {kind: 'cancelled'};
		emit({kind: 'output', text: `I: Retrieving package ${line}\n`});
		await new Promise(resolve => setTimeout(resolve, how === 'slowly' ? 500 : 50));
	}
	if (how !== 'badly') return {kind: 'ok'};
	return {
		kind: 'failed',
		trouble: {
			title: 'the practice VM did not start',
			failures: [],
			tail: ['its last word'],
			lines: 1,
			known: {
				cause: 'The guest did not start within 90 s and was ended.',
				remedies: [{label: 'Start it again', command: 'linux-rust-setup practice'}]
			}
		}
	};
}

const door: Door = {
	async enter(trial, stage, agree) {
		note(`enter ${trial.folder ?? ''}`);
		if (trial.installed !== undefined) note(`with ${trial.installed}`);
		const agreed = await agree({
			text: 'A machine of paper is made.',
			facts: [{label: 'fetched', value: 'nothing'}],
			commands: [command(['apt-get', 'install', 'paper'], 'root')]
		});
		note(`agreed ${agreed}`);
		if (!agreed) return {kind: 'declined'};
		const outcome = await prepare(stage);
		if (outcome.kind !== 'ok') return outcome;
		const ended = new Promise(resolve => how === 'shortly' && setTimeout(resolve, 1500));
		inside = {
			session: inTheGuest,
			release: trial.installed ?? '7.2.12+deb14-amd64',
			tried: trial.folder,
			installed: trial.installed,
			ended
		};
		void ended.then(() => note('ended'));
		return outcome;
	},
	inside: () => inside,
	async leave() {
		if (inside !== undefined) note('left');
		inside = undefined;
	}
};

const options = {ascii: false} as Options;
process.exitCode = await startWizard(
	{session: home, firstLook: home.inspect(), openDoor: async () => door, ...(how === 'at-once' ? {goesIn: true} : {})},
	options
);
