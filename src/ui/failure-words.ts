import type {FailureWords} from '../../components/FailurePanel.tsx';
import type {Failure} from '../model/failure.ts';
import type {StepId} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

/** What the failure screen says of an outcome; nothing of a run that the user stopped. */
export function failureWords(
	step: StepId,
	outcome: Exclude<Outcome, {kind: 'ok' | 'declined'}>
): FailureWords | undefined {
	if (outcome.kind === 'cancelled') return undefined;
	if (outcome.kind === 'refused') {
		return {
			title: `${step}  nothing was run`,
			cause: `${safeLine(outcome.why, 2000).replace(/\.$/, '')}.`,
			facts: [],
			cures: outcome.command === undefined ? [] : [{label: 'Run it yourself', command: outcome.command}]
		};
	}
	const {trouble} = outcome;
	const title = `${step}  ${trouble.title}`;
	const [first] = trouble.failures.filter(failure => failure.severity === 'error');
	const log = trouble.log === undefined ? {} : {log: `${trouble.log} (${trouble.lines} lines)`};
	if (first !== undefined) {
		return {
			title,
			cause: safeLine(first.cause, 2000),
			facts: [{label: `line ${first.line}`, value: safeLine(first.text, 300)}],
			...codeOf(first),
			cures: first.remedies.map(({label, command}) => ({
				label: safeLine(label),
				...(command === undefined ? {} : {command: safeLine(command)})
			})),
			...log,
			page: pageOf(first)
		};
	}
	if (trouble.known !== undefined) {
		return {
			title,
			cause: safeLine(trouble.known.cause, 2000),
			facts: trouble.tail.slice(-6).map(value => ({label: 'said', value})),
			cures: trouble.known.remedies,
			...log
		};
	}
	const facts =
		trouble.unexplained === undefined
			? trouble.tail.slice(-4).map(text => ({label: '', value: text}))
			: [{label: `line ${trouble.unexplained.line}`, value: trouble.unexplained.text}];
	const says = facts.length === 0 ? 'There is no output to explain it by.' : 'What the log says:';
	return {title, cause: `This failure is not known to this program. ${says}`, facts, cures: [], ...log};
}

function codeOf({source}: Failure): Pick<FailureWords, 'code'> {
	if (source === undefined) return {};
	const {file, line, excerpt} = source;
	return {
		code: {
			place: safeLine(`${file}:${line}`, 300),
			lines: excerpt.map(row => safeLine(row.replaceAll('\t', '    '), 300))
		}
	};
}

/** The command that shows all that is known of a failure: what docs/failures.md says, which an installed program does not bring. */
export const pageOf = ({id}: Failure): string => `linux-rust-setup explain ${id}`;
