import {Box, type DOMElement, measureElement, Text, useCursor, useIsScreenReaderEnabled} from 'ink';
import {Indicator} from 'ink-select-input';
import {use, useEffect, useLayoutEffect, useRef, useState} from 'react';
import {cellWidth, graphemes, wrap} from './cells.ts';
import {Line, Lines} from './Line.tsx';
import {
	armTextField,
	pasteTextField,
	pressTextField,
	startTextField,
	type TextFieldState,
	textFieldValue,
	type Validate
} from './text-field-state.ts';
import {KeysAllowed, useKeys, usePastes} from './use-keys.ts';
import {CursorRow} from './use-resize-repair.ts';
import {useWidgetState} from './use-widget-state.ts';
import {useWidth} from './use-width.ts';

type Props = {
	readonly label: string;
	/** What stands in the field at first. */
	readonly value?: string;
	readonly placeholder?: string;
	readonly validate: Validate;
	/** Called once per answer, with a valid value: again only after `isActive` was off and on. */
	readonly onSubmit: (value: string) => void;
	readonly onCancel: () => void;
	readonly isActive: boolean;
	/** Cells to use; the whole terminal unless told. */
	readonly width?: number;
	readonly ascii?: boolean;
};

/** One line of text to type. The terminal's own cursor stands in it, so that input methods and NO_COLOR work. */
export function TextField(props: Props) {
	const {label, value = '', placeholder = '', validate, onSubmit, onCancel, isActive, width, ascii = false} = props;
	const [state, update] = useWidgetState(() => startTextField(value));
	useEffect(() => {
		if (isActive) update(armTextField);
	}, [isActive, update]);
	useKeys(
		(input, key) => {
			const {before, after} = update(current => pressTextField(current, {input, key}, validate));
			if (before.ended) return;
			if (after.ended === 'submitted') onSubmit(textFieldValue(after));
			if (after.ended === 'cancelled') onCancel();
		},
		{isActive}
	);
	usePastes(text => update(current => pasteTextField(current, text, validate)), {isActive});

	const cells = useWidth(width);
	const isRead = useIsScreenReaderEnabled();
	const line = useRef<DOMElement>(null);
	const shown = visiblePart(state, cells - 4);
	useCursorIn(line, 3 + cellWidth(shown.before), use(KeysAllowed) && isActive && !isRead);

	const text = textFieldValue(state);
	// In words: without colours a bare example would look like a value.
	const example = placeholder === '' ? '' : `for example ${placeholder}`;
	if (isRead) {
		return (
			<Box flexDirection="column">
				<Box aria-role="textbox">
					<Text>{`${label}: ${text === '' ? (example === '' ? 'empty' : `empty, ${example}`) : text}`}</Text>
				</Box>
				{state.error !== undefined && <Text>{state.error}</Text>}
			</Box>
		);
	}
	const errors = state.error === undefined ? [] : wrap(state.error, cells - 3);
	return (
		<Box flexDirection="column" flexShrink={0} width="100%" maxWidth={cells} overflow="hidden">
			<Line parts={[{text: label}]} width={cells} ascii={ascii} />
			<Box ref={line} height={1} paddingLeft={1} overflow="hidden">
				<Box flexShrink={0}>{ascii ? <Text>{isActive ? '> ' : '  '}</Text> : <Indicator isSelected={isActive} />}</Box>
				<Line
					parts={text === '' ? [{text: example, dim: true}] : [{text: shown.before + shown.after}]}
					width={cells - 3}
					ascii={ascii}
				/>
			</Box>
			<Lines rows={errors.map(error => [{text: `   ${error}`, color: 'red'}])} width={cells} ascii={ascii} />
		</Box>
	);
}

/** Puts the terminal's cursor `offset` cells into the row `line`. */
function useCursorIn(line: React.RefObject<DOMElement | null>, offset: number, isShown: boolean): void {
	const {setCursorPosition} = useCursor();
	const [origin, setOrigin] = useState<{readonly x: number; readonly y: number}>();
	// The place in the frame is known only after layout, and any render of the frame may have moved it.
	useLayoutEffect(() => {
		if (!line.current) return;
		const {x, y} = measureElement(line.current);
		setOrigin(known => (known?.x === x && known.y === y ? known : {x, y}));
	});
	const cursorRow = use(CursorRow);
	useLayoutEffect(() => {
		cursorRow.current = isShown ? origin?.y : undefined;
		return () => {
			cursorRow.current = undefined;
		};
	}, [cursorRow, isShown, origin]);
	setCursorPosition(isShown && origin ? {x: origin.x + offset, y: origin.y} : undefined);
}

/** The piece of the text that fits into `width` cells with the cursor in it. */
function visiblePart(
	{before, after}: TextFieldState,
	width: number
): {readonly before: string; readonly after: string} {
	const room = Math.max(1, width);
	const start = graphemes(before);
	let skipped = 0;
	let used = cellWidth(before);
	while (used > room && skipped < start.length) {
		used -= cellWidth(start[skipped] ?? '');
		skipped++;
	}
	let shownAfter = '';
	for (const grapheme of graphemes(after)) {
		used += cellWidth(grapheme);
		if (used > room) break;
		shownAfter += grapheme;
	}
	return {before: start.slice(skipped).join(''), after: shownAfter};
}
