<?php

declare(strict_types=1);

namespace Magento\GraphQl\Query;

class Token
{
    public const NAME = 'name';
    public const VARIABLE = 'variable';
    public const STRING = 'string';
    public const NUMBER = 'number';
    public const PUNCTUATOR = 'punctuator';

    public function __construct(
        public readonly string $kind,
        public readonly string $text,
        public readonly int $line,
        public readonly int $column,
    ) {
    }
}
