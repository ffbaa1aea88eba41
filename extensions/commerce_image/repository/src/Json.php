<?php

declare(strict_types=1);

namespace Storefleet\Repository;

final class Json
{
    /** As Composer writes composer.json. */
    public static function encode(mixed $value): string
    {
        return json_encode(
            $value,
            JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR
        ) . "\n";
    }
}
