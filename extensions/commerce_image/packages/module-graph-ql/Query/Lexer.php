<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

use Magento\GraphQl\Exception\GraphQlException;

/**
 * Cuts a query into its tokens. Blanks, commas and comments are left out.
 */
class Lexer
{
    private const PATTERN = '/
        (?<ignored> [\s,\x{FEFF}]+ | \#[^\n]* )
        | (?<name> [_A-Za-z]\w* )
        | \$ (?<variable> [_A-Za-z]\w* )
        | (?<string> "(?: [^"\\\\\n] | \\\\. )*" )
        | (?<number> -?\d+ (?: \.\d+ )? (?: [eE][+-]?\d+ )? )
        | (?<punctuator> [{}()\[\]:!=] )
        /xAu';

    /**
     * @return list<Token>
     * @throws GraphQlException
     */
    public function tokenize(string $query): array
    {
        $tokens = [];
        for ($offset = 0; $offset < strlen($query); $offset += strlen($match[0])) {
            if (preg_match(self::PATTERN, $query, $match, PREG_UNMATCHED_AS_NULL, $offset) !== 1) {
                throw new GraphQlException('Syntax Error: Unexpected character.', GraphQlException::SYNTAX);
            }
            $found = array_filter($match, fn (?string $text, int|string $kind): bool => $text !== null
                && is_string($kind) && $kind !== 'ignored', ARRAY_FILTER_USE_BOTH);
            foreach ($found as $kind => $text) {
                $before = substr($query, 0, $offset);
                $column = $offset - (int)strrpos("\n" . $before, "\n") + 1;
                $tokens[] = new Token($kind, $text, substr_count($before, "\n") + 1, $column);
            }
        }

        return $tokens;
    }
}
