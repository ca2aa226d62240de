import {Box, Text, useAnimation} from 'ink';
import {useState} from 'react';

/** What is over sooner needs no clock, in seconds. */
const shortest = 5;

/** How long something runs already, since this came to the screen: `1:05`. */
export function Elapsed({isShown}: {readonly isShown: boolean}) {
	const [began] = useState(() => performance.now());
	useAnimation({interval: 1000, isActive: isShown});
	const seconds = Math.floor((performance.now() - began) / 1000);
	if (!isShown || seconds < shortest) return undefined;
	return (
		<Box flexShrink={0}>
			<Text dimColor>{`  ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`}</Text>
		</Box>
	);
}
