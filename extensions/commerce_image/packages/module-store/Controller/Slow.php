<?php

declare(strict_types=1);

namespace Magento\Store\Controller;

use Magento\Framework\App\ActionInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Store\Model\SlowAnswerFactory;

/**
 * /slow/index/index?seconds=5: a request that takes its time, as a checkout that waits for a payment provider does.
 *
 * What it answers with is loaded when the time is over: whoever has taken code or generated/ away from under it by then,
 * or stopped its worker, has broken it.
 */
class Slow implements ActionInterface
{
    private const MAX_SECONDS = 60.0;
    private const STEP_MICROSECONDS = 10_000;

    public function __construct(private readonly SlowAnswerFactory $answerFactory)
    {
    }

    public function execute(Request $request): Response
    {
        $seconds = max(0.0, min((float)$request->getQuery('seconds'), self::MAX_SECONDS));
        $end = hrtime(true) + (int)($seconds * 1e9);
        while (hrtime(true) < $end) {
            usleep(self::STEP_MICROSECONDS);
        }

        return $this->answerFactory->create(['seconds' => $seconds])->toResponse();
    }
}
