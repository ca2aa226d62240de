import type {Change, Since} from '../model/facts.ts';
import type {StepId} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

const day = 24 * 60 * 60 * 1000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12 Nov, 3 days ago`; the year where it is another one, and no distance where the clock was set back. */
export function dayText(at: string, now: Date): string {
	const then = new Date(at);
	const date = `${then.getDate()} ${months[then.getMonth()]}${then.getFullYear() === now.getFullYear() ? '' : ` ${then.getFullYear()}`}`;
	const midnight = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
	const days = (midnight(now) - midnight(then)) / day;
	if (days < 0) return date;
	return `${date}, ${days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`}`;
}

/** `1.97.0 (Arch Linux rust 1:1.97.0-1)` for a version text of rustc, unless both would read the same without their commits. */
function shortened(before: string, after: string | undefined): readonly [string, string] {
	const short = (text: string) => text.replace(/^rustc /, '').replace(/ \([0-9a-f]{7,40} [\d-]+\)/, '');
	if (after === undefined) return [short(before), 'not there any more'];
	return short(before) === short(after) ? [before, after] : [short(before), short(after)];
}

/** What a fact was, what it is, and what is to be known of that. */
export function changeText({before, after, note}: Change): string {
	const [from, to] = shortened(before, after);
	return `${safeLine(from)} → ${safeLine(to)}${note === undefined ? '' : `   ${safeLine(note)}`}`;
}

/** The steps that changes made stale, each once. Every change has its own in the walk's order, and so has the list. */
export function staleSteps(changes: readonly Change[], order: readonly StepId[]): readonly StepId[] {
	return order.filter(id => changes.some(change => change.stale.includes(id)));
}

/** For a person: what changed, aligned, and what is to be mended in which order. Stands above the checklist. */
export function sinceText(since: Since, order: readonly StepId[], now: Date): string {
	const width = Math.max(...since.changes.map(change => safeLine(change.fact).length), 9);
	const lines = since.changes.map(change => `   ${safeLine(change.fact).padEnd(width)}  ${changeText(change)}`);
	const stale = staleSteps(since.changes, order);
	return [
		`Since you were last green (${dayText(since.at, now)}):`,
		...lines,
		...(stale.length === 0 ? [] : [`   to mend, in this order: ${stale.join(', ')}`]),
		''
	].join('\n');
}

/** For pipes and screen readers: the same, a line for each change. */
export function sinceLines(since: Since, order: readonly StepId[], now: Date): string {
	const lines = since.changes.map(({fact, before, after, note, stale}) => {
		const [from, to] = shortened(before, after);
		return `since: ${safeLine(fact)}: ${safeLine(from)} → ${safeLine(to)}${note === undefined ? '' : ` (${safeLine(note)})`}${stale.length === 0 ? '' : `; stale: ${stale.join(', ')}`}`;
	});
	const stale = staleSteps(since.changes, order);
	return [
		`since: last green: ${dayText(since.at, now)}`,
		...lines,
		...(stale.length === 0 ? [] : [`since: to mend, in this order: ${stale.join(', ')}`]),
		''
	].join('\n');
}

/** What an update means, in one or two lines for the output of a package manager. Nothing where it makes nothing stale. */
export function updateLines(since: Since, judged: readonly Judged[]): readonly string[] {
	const named = since.changes.filter(change => change.stale.length > 0);
	if (named.length === 0) return [];
	const changes = named.map(({fact, before, after}) => {
		const [from, to] = shortened(before, after);
		return `${safeLine(fact, 80)} ${safeLine(from, 80)} -> ${safeLine(to, 80)}`;
	});
	const reboot = judged.some(({id, verdict}) => id === 'boot' && verdict.status !== 'done');
	return [
		`linux-rust-setup: ${changes.join(', ')}.`,
		`linux-rust-setup: ${reboot ? 'reboot, then run' : 'run'}: linux-rust-setup check --mend${whyOf(named, judged)}`
	];
}

/** What is stale, in parentheses: the compiler where it alone went ahead, because no module can be built then. */
function whyOf(changes: readonly Change[], judged: readonly Judged[]): string {
	const compiler = changes.find(one => one.fact === 'rustc');
	if (compiler !== undefined && !changes.some(one => one.fact === 'its rustc'))
		return ` (the kernel needs rustc ${safeLine(shortened(compiler.before, compiler.after)[0], 80)})`;
	const [module, build] = (['module', 'build'] as const).map(id => judged.find(one => one.id === id)?.verdict);
	if (build === undefined || build.status === 'done' || module?.status !== 'done') return '';
	return ` (${build.evidence.find(one => one.label === 'so far')?.value ?? build.summary})`;
}
