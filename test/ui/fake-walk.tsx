import type {Since} from '../../src/model/facts.ts';
import type {Action, Remedy, StepId, Verdict} from '../../src/model/step.ts';
import type {ActionEvent, Judged, Outcome} from '../../src/model/walk.ts';
import {App, type Practising} from '../../src/ui/App.tsx';
import {clearDesk, createDesk, tell, watch} from '../../src/ui/desk.ts';
import {createWalk} from '../../src/walk/walk.ts';
import {renderOnTerminal} from '../support/virtual-terminal.ts';

type Given = {
	/** What each look at the machine says; the last one is said again and again. */
	readonly looks: readonly (readonly Judged[])[];
	/** What changed since all last fitted, as the first look found it. */
	readonly since?: Since;
	readonly columns?: number;
	readonly rows?: number;
	readonly ascii?: boolean;
	readonly isRead?: boolean;
	readonly asRoot?: boolean;
	/** The first look never ends. */
	readonly slow?: boolean;
	/** What is performed takes no notice of Ctrl-C. */
	readonly keepsOn?: boolean;
	/** Whether the walk is over the practice machine, asked whenever something is drawn. */
	readonly practising?: () => Practising | undefined;
};

/**
 * The App on a terminal emulator, with the real walk and fake work: looking gives the verdicts of the test, performing waits
 * until the test says how it ends.
 */
export function openApp(given: Given) {
	const {
		looks,
		columns = 80,
		rows = 24,
		ascii = false,
		isRead = false,
		asRoot = false,
		slow = false,
		keepsOn = false
	} = given;
	const {practising = () => undefined} = given;
	const desk = createDesk();
	desk.since = given.since;
	const runs: {readonly actions: readonly Action[]; readonly signal: AbortSignal}[] = [];
	let finish: (outcome: Outcome) => void = () => {};
	let looked = 0;
	const walk = createWalk({
		inspect: async () => {
			if (slow) await new Promise(() => {});
			return looks[Math.min(looked++, looks.length - 1)] ?? [];
		},
		perform: (actions, signal) => {
			clearDesk(desk);
			runs.push({actions, signal});
			return new Promise(resolve => {
				finish = resolve;
				if (!keepsOn) signal.addEventListener('abort', () => resolve({kind: 'cancelled'}), {once: true});
			});
		}
	});
	walk.start();
	const terminal = renderOnTerminal(
		<App walk={walk} desk={desk} ascii={ascii} asRoot={asRoot} practising={practising} />,
		{
			columns,
			rows,
			isScreenReaderEnabled: isRead,
			incrementalRendering: true
		}
	);
	/** Redraws come at most 30 times a second: what changed by itself is on the screen after two of them. */
	const settle = async () => {
		await terminal.settle();
		await new Promise(resolve => setTimeout(resolve, 80));
		return terminal.settle();
	};
	return {
		...terminal,
		settle,
		walk,
		desk,
		runs,
		press: async (keys: string) => {
			await terminal.press(keys);
			return settle();
		},
		emit: async (...events: readonly ActionEvent[]) => {
			for (const event of events) tell(desk, event);
			return settle();
		},
		watch: () => watch(desk, runs.at(-1)?.signal ?? new AbortController().signal),
		finish: async (outcome: Outcome) => {
			finish(outcome);
			return settle();
		}
	};
}

export const done = (id: StepId, summary: string): Judged => ({
	id,
	question: `Is ${id} so?`,
	verdict: {status: 'done', summary, evidence: [{label: 'seen', value: summary, source: `/proc/${id}`}]}
});

export const waits = (id: StepId, need: StepId): Judged => ({
	id,
	question: `Is ${id} so?`,
	verdict: {
		status: 'blocked',
		reason: `${id}.waits`,
		summary: `waits for ${need}`,
		question: `This waits for ${need}.`,
		evidence: [],
		remedies: []
	}
});

export const open = (id: StepId, verdict: Omit<Exclude<Verdict, {status: 'done'}>, 'status'>): Judged => ({
	id,
	question: `Is ${id} so?`,
	verdict: {status: 'todo', ...verdict}
});

const command = (words: string, why: string, as: 'user' | 'root' = 'root') => ({
	argv: words.split(' ') as [string, ...string[]],
	as,
	terminal: 'captured' as const,
	interrupt: 'group' as const,
	why
});

export const run = (words: string, why: string, as: 'user' | 'root' = 'root'): Action => ({
	kind: 'run',
	title: words,
	command: command(words, why, as),
	stage: 'other'
});

export const remedy = (id: string, label: string, actions: readonly Action[], more: Partial<Remedy> = {}): Remedy => ({
	id,
	label,
	questions: [],
	plan: () => ({ok: true, actions}),
	...more
});

const load: Action = {
	kind: 'load',
	load: {
		name: 'numbers',
		file: '/home/me/numbers/numbers.ko',
		hash: '3e02',
		release: '7.2.13-arch1-1-rust',
		insmod: command('insmod /home/me/numbers/numbers.ko', 'puts the module into the running kernel'),
		rmmod: command('rmmod numbers', 'takes it out again'),
		afterwards: 'unload'
	}
};

const ready = [
	done('machine', 'x86_64 · 41 GB free · Secure Boot off'),
	done('kernel', 'linux-rust 7.2.13.arch1-1 installed')
];

/** The decision of the walk's sketch: a Rust kernel is installed and another one runs. */
export const bootDecision: readonly Judged[] = [
	...ready,
	open('boot', {
		reason: 'boot.other-running',
		summary: 'another kernel is running',
		question: 'The Rust kernel is installed, but not the one running. Boot it?',
		evidence: [
			{label: 'running', value: '6.18.7-arch1-1', source: '/proc/sys/kernel/osrelease'},
			{label: 'next boot', value: 'linux', source: '/boot/grub/grubenv'}
		],
		remedies: [
			remedy('once', 'Boot linux-rust once, keep linux as the default', [
				run('grub-reboot linux-rust', 'chooses what GRUB starts next time, and only next time')
			]),
			remedy('default', 'Make linux-rust the default', [
				run('grub-set-default linux-rust', 'chooses what GRUB starts')
			]),
			remedy('reboot', 'Reboot', [
				{
					kind: 'by-you',
					commands: [command('reboot', 'starts the machine anew')],
					text: 'Close your work first; the walk goes on here afterwards.'
				}
			])
		]
	}),
	...(['toolchain', 'metadata', 'module', 'build', 'load'] as const).map(id => waits(id, 'boot'))
];

export const afterBoot: readonly Judged[] = [
	...ready,
	done('boot', 'running 7.2.13-arch1-1-rust'),
	...(['toolchain', 'metadata', 'module', 'build', 'load'] as const).map(id => done(id, 'is so'))
];

const upTo = (...last: readonly Judged[]): readonly Judged[] => {
	const ids = new Set(last.map(({id}) => id));
	return [...afterBoot.filter(({id}) => !ids.has(id)), ...last];
};

export const moduleDecision = upTo(
	open('module', {
		reason: 'module.none',
		summary: 'no module yet',
		question: 'There is no module yet. What shall the first one be?',
		evidence: [],
		remedies: [
			remedy('hello', 'Start from the template hello', [], {
				consequence: 'The smallest whole module.',
				questions: [
					{
						id: 'name',
						flag: '--name',
						label: 'Name of the module',
						initial: 'hello',
						validate: value => (/^[a-z][a-z0-9_]*$/.test(value) ? undefined : `"${value}" is no name for a module.`)
					},
					{id: 'folder', flag: '--folder', label: 'Folder', initial: '/home/me/hello', validate: () => undefined}
				],
				plan: ({name, folder}) =>
					name === 'taken'
						? {ok: false, why: 'A module of that name is loaded already.'}
						: {
								ok: true,
								actions: [
									{
										kind: 'write',
										folder: folder ?? '',
										files: [
											{path: 'Kbuild', content: `obj-m := ${name}.o\n`},
											{path: `${name}.rs`, content: '//! A module.\n\nuse kernel::prelude::*;\n'}
										]
									}
								]
							}
			})
		]
	}),
	waits('build', 'module'),
	waits('load', 'module')
);

export const buildDecision = upTo(
	open('build', {
		reason: 'build.never',
		summary: 'numbers has not been built',
		question: 'numbers has not been built yet. Build it?',
		evidence: [{label: 'module', value: 'numbers'}],
		remedies: [
			remedy('build', 'Build numbers', [
				run('make -C /lib/modules/7.2.13-arch1-1-rust/build M=/home/me/numbers modules', 'builds the module', 'user')
			])
		]
	}),
	waits('load', 'build')
);

export const loadDecision = upTo(
	open('load', {
		reason: 'load.never',
		summary: 'numbers is not loaded',
		question: 'numbers.ko is ready. Load it and watch the kernel log?',
		evidence: [],
		remedies: [remedy('load', 'Load numbers, watch it speak, unload it', [load])]
	})
);

/** A decision with more of everything than a small terminal has room for. */
export const longDecision: readonly Judged[] = [
	...afterBoot.slice(0, 3),
	open('toolchain', {
		reason: 'toolchain.vendor-differs',
		summary: 'rustc 1.97.1 (built from a source tarball) is not here',
		question:
			"No compiler here is the one that built this kernel. The nearest is /home/me/.rustup/toolchains/1.97.1-x86_64-unknown-linux-gnu/bin/rustc. Both are rustc 1.97.1, but the kernel's carries the mark (built from a source tarball) and this one no mark of a builder: rustc reads only metadata whose whole version text equals its own.",
		evidence: Array.from({length: 12}, (_, index) => ({label: `compiler ${index + 1}`, value: `rustc 1.${index}.0`})),
		remedies: [
			remedy('package', "Install the distribution's own rustc (built from a source tarball)", [
				run('apt-get update', 'brings the list of packages up to date'),
				run('apt-get install rustc', "brings the distribution's compiler, which may be newer than the kernel by now")
			]),
			...Array.from({length: 6}, (_, index) => remedy(`other-${index}`, `Use compiler ${index + 1}`, []))
		]
	}),
	...(['metadata', 'module', 'build', 'load'] as const).map(id => waits(id, 'toolchain'))
];

/** The same decision, with one more action behind those of every plan. */
export const withAction = (judged: readonly Judged[], action: Action): readonly Judged[] =>
	judged.map(one => {
		const {verdict} = one;
		if (verdict.status === 'done') return one;
		const remedies = verdict.remedies.map(remedy => ({
			...remedy,
			plan: async (answers: Parameters<Remedy['plan']>[0]) => {
				const plan = await remedy.plan(answers);
				return plan.ok ? {...plan, actions: [...plan.actions, action]} : plan;
			}
		}));
		return {...one, verdict: {...verdict, remedies}};
	});

const practise: Action = {
	kind: 'practise',
	command: command('linux-rust-setup practice', 'makes a small Debian with a Rust kernel', 'user')
};

/** A machine without a Rust kernel, where practising is the default. */
export const kernelDecision: readonly Judged[] = [
	done('machine', 'x86_64 · 41 GB free · Secure Boot off'),
	open('kernel', {
		reason: 'kernel.rust-off',
		summary: 'no installed kernel has Rust',
		question: '6.1.0-44-amd64 was built without Rust support. A Rust kernel is needed.',
		evidence: [],
		remedies: [remedy('practise', 'Practise in a disposable VM, on a real Rust kernel', [practise])]
	}),
	...(['boot', 'toolchain', 'metadata', 'module', 'build', 'load'] as const).map(id => waits(id, 'kernel'))
];
