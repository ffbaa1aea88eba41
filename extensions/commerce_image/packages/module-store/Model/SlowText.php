<?php

declare(strict_types=1);

namespace Magento\Store\Model;

/**
 * The same text for the same number of seconds.
 */
class SlowText
{
    public function __construct(private readonly float $seconds = 0.0)
    {
    }

    public function toHtml(): string
    {
        return "<p>Done after $this->seconds seconds.</p>";
    }
}
