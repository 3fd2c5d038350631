# greet NAME - prints a greeting.
greet() {
  printf 'Hello, %s!\n' "$1"
}
