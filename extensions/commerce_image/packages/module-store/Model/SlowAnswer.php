<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\App\Response;

/**
 * What a slow request answers with. Its factory for the text is a generated class, which nothing loads earlier.
 */
class SlowAnswer
{
    public function __construct(
        private readonly SlowTextFactory $textFactory,
        private readonly float $seconds = 0.0,
    ) {
    }

    public function toResponse(): Response
    {
        return Response::html(200, 'Slow page', $this->textFactory->create(['seconds' => $this->seconds])->toHtml());
    }
}
