import { Link } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { usePerson, useSession } from '../api/services.ts';
import { useSignOut } from '../api/sign-in.ts';
import { Icon } from '../components/icon.tsx';
import styles from './shell.module.css';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

/** Who is signed in and with which roles, the theme, help, the API's documentation, and the way out. */
export function UserMenu({ onHelp }: { onHelp: () => void }) {
  const signOut = useSignOut();
  const state = useSession();
  const [theme, setTheme] = useState(chosenTheme);
  const person = usePerson();
  const roles = state.kind === 'active' ? state.session.roles : [];
  return (
    // A modal menu would write a style sheet into the page to keep it from scrolling; the page may have files only.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles.user} aria-label={`Account of ${person}`}>
        <Icon name="person" />
        <span>{person}</span>
      </DropdownMenu.Trigger>
      {/* Within the navigation, not at the end of the page: who is signed in is read as a part of it. */}
      <DropdownMenu.Content className={styles.menu} side="top" align="start" sideOffset={6}>
        <DropdownMenu.Label className={styles.menuPerson}>
          <strong>{person}</strong>
          <span>{roles.length === 0 ? 'no role' : roles.join(', ')}</span>
        </DropdownMenu.Label>
        <DropdownMenu.Label className={styles.menuLabel}>Theme</DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => {
            const chosen = themes.find((item) => item.name === value);
            if (chosen === undefined) return;
            chooseTheme(chosen.name);
            setTheme(chosen.name);
          }}
        >
          {themes.map((item) => (
            <DropdownMenu.RadioItem
              key={item.name}
              value={item.name}
              className={styles.menuItem}
              onSelect={(event) => event.preventDefault()}
            >
              {item.text}
              <DropdownMenu.ItemIndicator>
                <Icon name="check" />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator asChild>
          <hr />
        </DropdownMenu.Separator>
        {roles.includes('admin') && (
          <DropdownMenu.Item className={styles.menuItem} asChild>
            <Link to="/ui/keys">API keys</Link>
          </DropdownMenu.Item>
        )}
        <DropdownMenu.Item className={styles.menuItem} onSelect={onHelp}>
          Keyboard shortcuts <kbd>?</kbd>
        </DropdownMenu.Item>
        <DropdownMenu.Item className={styles.menuItem} asChild>
          <a href="/docs" target="_blank" rel="noreferrer">
            API documentation
          </a>
        </DropdownMenu.Item>
        <DropdownMenu.Item className={styles.menuItem} onSelect={signOut}>
          Sign out
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
