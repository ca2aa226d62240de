import {Text, useAnimation, useIsScreenReaderEnabled} from 'ink';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const asciiFrames = ['|', '/', '-', '\\'];

type Props = {
	readonly ascii: boolean;
	/** Off: a still sign, and no timer. */
	readonly isMoving?: boolean;
};

/** One cell that turns while something runs. A screen reader hears a word, once. */
export function Spinner({ascii, isMoving = true}: Props) {
	const isRead = useIsScreenReaderEnabled();
	const {frame} = useAnimation({interval: 120, isActive: isMoving && !isRead});
	if (isRead) return <Text>working</Text>;
	const signs = ascii ? asciiFrames : frames;
	return <Text color="cyan">{isMoving ? signs[frame % signs.length] : ascii ? '*' : '•'}</Text>;
}
