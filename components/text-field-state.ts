import {graphemes} from './cells.ts';
import type {Press} from './use-keys.ts';

export type TextFieldState = {
	readonly before: string;
	/** The text from the cursor on. */
	readonly after: string;
	/** The sentence that says what is wrong; shown from the first refused Enter on. */
	readonly error: string | undefined;
	/** How the field ended; nothing counts any more after that. */
	readonly ended: 'submitted' | 'cancelled' | undefined;
};

/** Says in a sentence why a value cannot be taken, or nothing. */
export type Validate = (value: string) => string | undefined;

export function startTextField(value: string): TextFieldState {
	return {before: cleanText(value), after: '', error: undefined, ended: undefined};
}

export function textFieldValue({before, after}: TextFieldState): string {
	return before + after;
}

/** The state after one key press. A key that means nothing here gives back the very same state. */
export function pressTextField(state: TextFieldState, press: Press, validate: Validate): TextFieldState {
	if (state.ended) return state;
	if (press.key.escape) return {...state, ended: 'cancelled'};
	if (press.key.return) {
		const error = validate(textFieldValue(state));
		return error === undefined ? {...state, error, ended: 'submitted'} : {...state, error};
	}
	const edited = edit(state, press);
	return edited ? revalidate(state, edited, validate) : state;
}

/** Text that came in one piece. It never submits: line breaks inside become a space, those around it go. */
export function pasteTextField(state: TextFieldState, text: string, validate: Validate): TextFieldState {
	if (state.ended) return state;
	const line = cleanText(text.trim().replaceAll(/[\r\n\t]+/g, ' '));
	return line === '' ? state : revalidate(state, {before: state.before + line, after: state.after}, validate);
}

/** Lets a field that has ended take keys again. */
export function armTextField(state: TextFieldState): TextFieldState {
	return state.ended ? {...state, ended: undefined} : state;
}

/** Control, format and direction characters can hide what was typed; only the joiner inside emoji is kept. */
export function cleanText(text: string): string {
	return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200d)\p{Cf}/gu, '');
}

type Edit = Pick<TextFieldState, 'before' | 'after'>;

function edit({before, after}: Edit, {input, key}: Press): Edit | undefined {
	if (key.leftArrow) return {before: withoutLast(before), after: lastOf(before) + after};
	if (key.rightArrow) return {before: before + firstOf(after), after: after.slice(firstOf(after).length)};
	if (key.home || (key.ctrl && input === 'a')) return {before: '', after: before + after};
	if (key.end || (key.ctrl && input === 'e')) return {before: before + after, after: ''};
	if (key.ctrl && input === 'u') return {before: '', after};
	if (key.ctrl && input === 'w') return {before: before.replace(/\S*\s*$/u, ''), after};
	if (key.backspace) return {before: withoutLast(before), after};
	if (key.delete) return {before, after: after.slice(firstOf(after).length)};
	if (key.ctrl || key.meta) return undefined;
	const text = cleanText(input);
	return text === '' ? undefined : {before: before + text, after};
}

function revalidate(state: TextFieldState, edited: Edit, validate: Validate): TextFieldState {
	const error = state.error === undefined ? undefined : validate(edited.before + edited.after);
	return {...state, ...edited, error};
}

function firstOf(text: string): string {
	return graphemes(text)[0] ?? '';
}

function lastOf(text: string): string {
	return graphemes(text).at(-1) ?? '';
}

function withoutLast(text: string): string {
	return text.slice(0, text.length - lastOf(text).length);
}
