/** Dark and light: as the system has it, until somebody chooses. */

const themeButton = /** @type {HTMLButtonElement} */ (document.getElementById('theme'));
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : darkSystem.matches;
}

function nameTheme() {
  themeButton.textContent = isDark() ? 'Light' : 'Dark';
  themeButton.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
}

themeButton.addEventListener('click', () => {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  nameTheme();
});
darkSystem.addEventListener('change', nameTheme);
nameTheme();
