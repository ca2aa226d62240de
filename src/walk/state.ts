import type {Action, Answers, Plan, Remedy, StepId} from '../model/step.ts';
import type {Judged, Outcome} from '../model/walk.ts';
import {nextStep} from './inspect.ts';
import {nextToMend} from './mend.ts';

/** What the walk is at. Every part that waits for work carries the number of the run it belongs to; answers of older runs are ignored. */
export type Activity =
	| {readonly kind: 'inspecting'; readonly run: number}
	| {readonly kind: 'deciding'; readonly step: Judged}
	| {
			readonly kind: 'asking';
			readonly step: Judged;
			readonly remedy: Remedy;
			readonly answers: Answers;
			readonly problem?: string;
	  }
	| {
			readonly kind: 'planning';
			readonly run: number;
			readonly step: Judged;
			readonly remedy: Remedy;
			readonly answers: Answers;
	  }
	| {
			readonly kind: 'confirming';
			readonly step: Judged;
			readonly remedy: Remedy;
			readonly answers: Answers;
			readonly actions: readonly Action[];
	  }
	| {
			readonly kind: 'performing';
			readonly run: number;
			readonly step: Judged;
			readonly remedy: Remedy;
			readonly actions: readonly Action[];
	  }
	| {
			readonly kind: 'troubled';
			readonly step: Judged;
			readonly remedy: Remedy;
			readonly outcome: Exclude<Outcome, {kind: 'ok' | 'declined'}>;
	  }
	| {readonly kind: 'finished'};

export type WalkState = {
	readonly run: number;
	readonly judged: readonly Judged[];
	readonly activity: Activity;
	/** Steps the user left for later, in this session of the wizard. */
	readonly left: ReadonlySet<StepId>;
	/** Steps whose remedy ran since the user asked to mend what an update left behind; undefined while nothing is mended. */
	readonly mending?: ReadonlySet<StepId>;
};

export type WalkEvent =
	| {readonly kind: 'inspected'; readonly run: number; readonly judged: readonly Judged[]}
	| {readonly kind: 'chose'; readonly step: StepId; readonly remedy: string}
	| {readonly kind: 'answered'; readonly question: string; readonly value: string}
	| {readonly kind: 'planned'; readonly run: number; readonly plan: Plan}
	| {readonly kind: 'confirmed'}
	| {readonly kind: 'performed'; readonly run: number; readonly outcome: Outcome}
	| {readonly kind: 'mend'}
	| {readonly kind: 'later'; readonly step: StepId}
	| {readonly kind: 'revisit'; readonly step: StepId}
	| {readonly kind: 'back'}
	/** The walk is over another machine from now on. */
	| {readonly kind: 'moved'}
	| {readonly kind: 'again'};

export const initialState: WalkState = {run: 1, judged: [], activity: {kind: 'inspecting', run: 1}, left: new Set()};

/** The walk's next state. An event that does not belong to the present activity, a second Enter for instance, changes nothing. */
export function reduce(state: WalkState, event: WalkEvent): WalkState {
	const {activity} = state;
	switch (event.kind) {
		case 'inspected':
			if (activity.kind !== 'inspecting' || activity.run !== event.run) return state;
			return state.mending === undefined
				? {...state, judged: event.judged, activity: decide(event.judged, state.left)}
				: mendNext({...state, judged: event.judged}, state.mending);
		case 'chose': {
			if (activity.kind !== 'deciding' || activity.step.id !== event.step) return state;
			const {step} = activity;
			const remedy =
				step.verdict.status === 'done' ? undefined : step.verdict.remedies.find(one => one.id === event.remedy);
			if (remedy === undefined) return state;
			return remedy.questions.length > 0
				? {...state, activity: {kind: 'asking', step, remedy, answers: {}}}
				: planning(state, step, remedy, {});
		}
		case 'answered': {
			if (activity.kind !== 'asking') return state;
			const question = activity.remedy.questions.find(one => one.id === event.question);
			if (question === undefined) return state;
			const problem = question.validate(event.value);
			if (problem !== undefined) return {...state, activity: {...activity, problem}};
			const answers = {...activity.answers, [question.id]: event.value};
			const {problem: _old, ...rest} = activity;
			return unanswered(activity.remedy, answers) === undefined
				? planning(state, activity.step, activity.remedy, answers)
				: {...state, activity: {...rest, answers}};
		}
		case 'planned': {
			if (activity.kind !== 'planning' || activity.run !== event.run) return state;
			const {step, remedy, answers} = activity;
			if (event.plan.ok) {
				const {actions} = event.plan;
				return isShownFirst(actions)
					? {...state, activity: {kind: 'confirming', step, remedy, answers, actions}}
					: performing(state, step, remedy, actions);
			}
			if (state.mending !== undefined) return mendNext(state, state.mending);
			if (remedy.questions.length > 0)
				return {...state, activity: {kind: 'asking', step, remedy, answers: {}, problem: event.plan.why}};
			return {...state, activity: {kind: 'troubled', step, remedy, outcome: {kind: 'refused', why: event.plan.why}}};
		}
		case 'confirmed': {
			if (activity.kind !== 'confirming') return state;
			// what only the user can do is done when they come back: look again
			if (activity.actions.every(action => action.kind === 'by-you')) return inspecting(state);
			return performing(state, activity.step, activity.remedy, activity.actions);
		}
		case 'performed': {
			if (activity.kind !== 'performing' || activity.run !== event.run) return state;
			if (event.outcome.kind === 'ok')
				return activity.actions.some(action => action.kind === 'practise') ? elsewhere(state) : inspecting(state);
			if (event.outcome.kind === 'declined')
				return {...notMending(state), activity: {kind: 'deciding', step: activity.step}};
			return {
				...notMending(state),
				activity: {kind: 'troubled', step: activity.step, remedy: activity.remedy, outcome: event.outcome}
			};
		}
		case 'mend':
			return activity.kind === 'deciding' && nextToMend(state.judged) !== undefined
				? mendNext(state, new Set())
				: state;
		case 'later': {
			if (activity.kind !== 'deciding' || activity.step.id !== event.step) return state;
			const left = new Set([...state.left, event.step]);
			return {...state, left, activity: decide(state.judged, left)};
		}
		case 'revisit': {
			if (activity.kind !== 'deciding' && activity.kind !== 'finished') return state;
			const step = state.judged.find(one => one.id === event.step);
			if (step === undefined) return state;
			return {
				...state,
				left: new Set([...state.left].filter(id => id !== event.step)),
				activity: {kind: 'deciding', step}
			};
		}
		case 'back':
			switch (activity.kind) {
				case 'asking':
				case 'confirming':
					return {...state, activity: {kind: 'deciding', step: activity.step}};
				// a run that failed or was stopped may have changed the machine all the same
				case 'troubled':
					return inspecting(state);
				case 'planning':
					return {...notMending(state), run: state.run + 1, activity: {kind: 'deciding', step: activity.step}};
				default:
					return state;
			}
		case 'moved':
			return activity.kind === 'performing' ? state : elsewhere(state);
		case 'again':
			return activity.kind === 'performing' ? state : inspecting(state);
	}
}

/** The first question of a remedy without an answer yet. */
export const unanswered = (remedy: Remedy, answers: Answers): Remedy['questions'][number] | undefined =>
	remedy.questions.find(question => answers[question.id] === undefined);

function inspecting(state: WalkState): WalkState {
	const run = state.run + 1;
	return {...state, run, activity: {kind: 'inspecting', run}};
}

/** What was left for later on one machine is not left on another. */
const elsewhere = (state: WalkState): WalkState => inspecting({...state, left: new Set()});

function planning(state: WalkState, step: Judged, remedy: Remedy, answers: Answers): WalkState {
	const run = state.run + 1;
	return {...state, run, activity: {kind: 'planning', run, step, remedy, answers}};
}

function performing(state: WalkState, step: Judged, remedy: Remedy, actions: readonly Action[]): WalkState {
	const run = state.run + 1;
	return {...state, run, activity: {kind: 'performing', run, step, remedy, actions}};
}

/** Goes on with what an update left behind; then with the walk. */
function mendNext(state: WalkState, tried: ReadonlySet<StepId>): WalkState {
	const next = nextToMend(state.judged, tried);
	if (next === undefined) return {...notMending(state), activity: decide(state.judged, state.left)};
	return planning({...state, mending: new Set([...tried, next.step.id])}, next.step, next.remedy, {});
}

function notMending({mending: _mending, ...state}: WalkState): WalkState {
	return state;
}

/** Files are seen before they are written, instructions before they are followed, and a reboot has its second Enter; other commands stood under the choice already. */
const isShownFirst = (actions: readonly Action[]): boolean =>
	actions.some(action => action.kind === 'write' || action.kind === 'by-you' || action.kind === 'reboot');

function decide(judged: readonly Judged[], left: ReadonlySet<StepId>): Activity {
	const step = nextStep(judged, left);
	return step === undefined ? {kind: 'finished'} : {kind: 'deciding', step};
}
