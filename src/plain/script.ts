import type {Command} from '../model/command.ts';
import type {Action} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {installWhy, renderInstall} from '../text/install.ts';
import {quoteWord, renderCommand} from '../text/quote.ts';
import {safeLine} from '../text/safe-text.ts';
import {plannedCommands} from './plan-text.ts';

/** A step of a whole walk's plan: what it would do now, or why that is not known yet. */
export type PlannedStep = {
	readonly step: Judged;
	readonly label?: string;
	readonly plan: {readonly ok: true; readonly actions: readonly Action[]} | {readonly ok: false; readonly why: string};
};

/** The plan as lines, each with its step: for `--dry-run`. */
export function planLines(plan: readonly PlannedStep[], options: {readonly asRoot: boolean}): readonly string[] {
	return plan.flatMap(({step, label, plan: planned}) => {
		if (!planned.ok) return [`plan: ${step.id}: ${safeLine(planned.why)}`];
		const files = planned.actions.flatMap(action =>
			action.kind === 'write' ? action.files.map(file => `write ${safeLine(`${action.folder}/${file.path}`)}`) : []
		);
		const commands = plannedCommands(planned.actions, options).map(
			command => `${command.byYou ? 'by you: ' : ''}${command.text} (${command.why})`
		);
		const lines = [...files, ...commands];
		return (lines.length > 0 ? lines : [label ?? step.verdict.summary]).map(text => `plan: ${step.id}: ${text}`);
	});
}

const indented = (text: string): string => `#   ${safeLine(text, 500)}`;

/**
 * The plan as a POSIX shell script with its reasons as comments. It stops at the first command that fails, at what only a person
 * can do, and before a file that exists already.
 */
export function planScript(
	plan: readonly PlannedStep[],
	options: {readonly asRoot: boolean; readonly version: string; readonly at: string}
): string {
	const lines = [
		'#!/bin/sh',
		`# What linux-rust-setup ${options.version} would do on this machine, as it was on ${options.at}. Nothing of it was run.`,
		`# ${options.asRoot ? 'Made for root.' : 'Run it as yourself: sudo stands where root is needed.'} It stops at the first command that fails.`,
		'set -eu',
		'# nothing that exists is written over',
		'set -C'
	];
	if (plan.length === 0) lines.push('', '# All steps are done: there is nothing to do.');
	for (const {step, label, plan: planned} of plan) {
		lines.push('', `# ${step.id}: ${step.verdict.summary}`);
		if (step.verdict.status !== 'done') lines.push(indented(step.verdict.question));
		if (!planned.ok) {
			lines.push(indented(`Not known yet: ${planned.why}`));
			continue;
		}
		if (label !== undefined) lines.push(`echo ${quoteWord(`${step.id}: ${label}`)}`);
		for (const action of planned.actions) lines.push(...actionLines(action, options.asRoot));
	}
	return `${lines.join('\n')}\n`;
}

function actionLines(action: Action, asRoot: boolean): readonly string[] {
	switch (action.kind) {
		case 'run':
			return commandLines(action.command, asRoot);
		case 'install-toolchain':
			return commandLines(action.install.command, asRoot);
		case 'write':
			return action.files.flatMap(file => fileLines(`${action.folder}/${file.path}`, file.content));
		case 'remember':
			return [];
		case 'fetch-recipe':
			return fetchLines(action, asRoot);
		case 'review-recipe':
			return [...commandLines(action.command, asRoot), ...readFirst(action.recipe.folder)];
		case 'install-build-dependencies':
		case 'build-packages':
			return commandLines(action.command, asRoot);
		case 'load':
			return [
				...commandLines(action.load.insmod, asRoot),
				...(action.load.afterwards === 'unload' ? ['sleep 2', ...commandLines(action.load.rmmod, asRoot)] : [])
			];
		case 'unload':
			return commandLines(action.load.rmmod, asRoot);
		case 'install-packages':
			return [indented(installWhy), renderInstall(action, {asRoot})];
		case 'practise':
		case 'reboot':
			return byYouLines({commands: [action.command]}, asRoot);
		case 'by-you':
			return byYouLines(action, asRoot);
	}
}

/** A script cannot ask for consent: it stops where a person has to read, and goes on when it is told that this was done. */
const readFirst = (folder: string): readonly string[] => [
	`[ "\${REVIEWED:-}" = yes ] || { echo ${quoteWord(`Read the recipe in ${folder}, then run this again with REVIEWED=yes before it.`)} >&2; exit 4; }`
];

/** Fetched once: the second run, after the review, takes what was reviewed. */
function fetchLines({recipe, command}: Extract<Action, {kind: 'fetch-recipe'}>, asRoot: boolean): readonly string[] {
	const {folder, origin} = recipe;
	if (origin.kind === 'folder') return [];
	const lines =
		command !== undefined
			? commandLines(command, asRoot)
			: origin.kind === 'own'
				? origin.files.flatMap(file => fileLines(`${folder}/${file.path}`, file.content))
				: [];
	return [`if [ ! -e ${quoteWord(`${folder}/PKGBUILD`)} ]; then`, ...lines, 'fi'];
}

function commandLines(command: Command, asRoot: boolean): readonly string[] {
	const text = renderCommand(command, {asRoot, lines: 'kept'});
	const why = indented(command.why);
	// quoted with $'…', which dash and other shells of POSIX before 2024 do not read
	if (text.includes("$'")) return [why, `echo ${quoteWord(`This needs bash: ${safeLine(text)}`)} >&2; exit 1`];
	return [why, command.cwd === undefined ? text : `(cd ${quoteWord(command.cwd)} && ${text})`];
}

/** What a person does is said, and the script ends there: what comes after depends on it. */
function byYouLines(
	{commands, text}: Omit<Extract<Action, {kind: 'by-you'}>, 'kind'>,
	asRoot: boolean
): readonly string[] {
	const said = [
		...commands.map(command => `   ${renderCommand(command, {asRoot})}`),
		...(text === undefined ? [] : [`   ${text}`])
	];
	return [
		...commands.map(command => indented(command.why)),
		"cat >&2 <<'by-you'",
		'This is for you to do; then make the script anew:',
		...said.map(line => safeLine(line, 2000)),
		'by-you',
		'exit 4'
	];
}

function fileLines(path: string, content: string): readonly string[] {
	let end = 'END';
	while (content.split('\n').includes(end)) end += '_';
	const folder = path.slice(0, path.lastIndexOf('/'));
	const body = content.endsWith('\n') ? content.slice(0, -1) : content;
	return [`mkdir -p ${quoteWord(folder)}`, `cat > ${quoteWord(path)} <<'${end}'`, body, end];
}
