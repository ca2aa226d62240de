import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {Indicator, Item} from 'ink-select-input';
import {useEffect} from 'react';
import {cellWidth, cut} from './cells.ts';
import {armSelect, pressSelect, scrollTo, startSelect} from './select-state.ts';
import {useKeys} from './use-keys.ts';
import {useWidgetState} from './use-widget-state.ts';
import {useWidth} from './use-width.ts';

export type SelectItem = {readonly id: string; readonly label: string; readonly hint?: string};

type Props = {
	readonly items: readonly SelectItem[];
	/** Index of the item that is highlighted at first. */
	readonly initial?: number;
	readonly isActive: boolean;
	/** Rows to use; with more items than rows the list scrolls. */
	readonly height?: number;
	/** Cells to use; the whole terminal unless told. */
	readonly width?: number;
	readonly ascii?: boolean;
	/** Called when another item is highlighted, not for the first one. */
	readonly onHighlight: (id: string) => void;
	/** Called once per answer: again only after `isActive` was off and on, or for other items. */
	readonly onSelect: (id: string) => void;
};

/** A list to choose one from: ↑ ↓ j k, Home, End, Page Up, Page Down and digits move, Enter chooses. */
export function Select(props: Props) {
	// Other items are another question: it starts from its own first item.
	return <SelectList key={props.items.map(({id}) => id).join('\n')} {...props} />;
}

function SelectList({items, initial = 0, isActive, height, width, ascii = false, onHighlight, onSelect}: Props) {
	const rows = visibleRows(items.length, height);
	const extent = {count: items.length, rows};
	const [state, update] = useWidgetState(() => startSelect(initial, extent));
	useEffect(() => {
		if (isActive) update(armSelect);
	}, [isActive, update]);
	useKeys(
		(input, key) => {
			const {before, after} = update(current => pressSelect(current, {input, key}, extent));
			const item = items[after.index];
			if (!item) return;
			if (after.index !== before.index) onHighlight(item.id);
			if (after.chosen && !before.chosen) onSelect(item.id);
		},
		{isActive}
	);
	const cells = useWidth(width);
	const isRead = useIsScreenReaderEnabled();
	const first = scrollTo(state.first, state.index, extent);
	if (isRead) {
		return (
			<Box flexDirection="column">
				{items.map(({id, label, hint}, index) => (
					<Box key={id} aria-role="option" aria-state={{selected: index === state.index}}>
						<Text>{hint === undefined ? label : `${label}, ${hint}`}</Text>
					</Box>
				))}
			</Box>
		);
	}
	return (
		<Box flexDirection="column" flexShrink={0} width="100%" maxWidth={cells} overflow="hidden">
			{items.slice(first, first + rows).map((item, row) => (
				<SelectRow key={item.id} item={item} isSelected={first + row === state.index} width={cells} ascii={ascii} />
			))}
			{items.length > rows && (height ?? 0) > rows && (
				<Text dimColor wrap="truncate">
					{cut(`   ${state.index + 1} of ${items.length}`, cells, ascii)}
				</Text>
			)}
		</Box>
	);
}

type RowProps = {
	readonly item: SelectItem;
	readonly isSelected: boolean;
	readonly width: number;
	readonly ascii: boolean;
};

function SelectRow({item, isSelected, width, ascii}: RowProps) {
	const room = Math.max(0, width - 3);
	const label = cut(item.label.replaceAll(/[\r\n\t]/g, ' '), room, ascii);
	const hint = item.hint === undefined ? '' : cut(`  ${item.hint}`, room - cellWidth(label), ascii);
	return (
		<Box height={1} paddingLeft={1} overflow="hidden">
			<Box flexShrink={0}>
				{ascii ? <Text>{isSelected ? '> ' : '  '}</Text> : <Indicator isSelected={isSelected} />}
			</Box>
			<Text wrap="truncate">
				<Item isSelected={isSelected} label={label} />
				<Text dimColor>{hint}</Text>
			</Text>
		</Box>
	);
}

/** With too many items one row goes to the position (`7 of 20`), unless there are hardly any rows. */
function visibleRows(count: number, height: number | undefined): number {
	if (height === undefined || count <= height) return count;
	return height >= 3 ? height - 1 : Math.max(1, height);
}
